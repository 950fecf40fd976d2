#!/usr/bin/env bash
# Runs every install line of README and docs once in a bare Debian system, and then runs the program that the line is for. Needs Linux,
# root, debootstrap, a few minutes, and some 2 GB in TMPDIR.
#   sudo scripts/try-install-lines.sh          REWAS_DEBIAN (default bookworm) and REWAS_DEBIAN_MIRROR name another one
# The last line is "N passed, N failed".
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
release=${REWAS_DEBIAN:-bookworm} mirror=${REWAS_DEBIAN_MIRROR:-http://deb.debian.org/debian}
if [ "$(id -u)" -ne 0 ]; then echo "needs root: sudo $0" >&2; exit 2; fi
if ! command -v debootstrap >/dev/null; then echo "debootstrap is missing. Install it with:  apt-get install debootstrap" >&2; exit 2; fi

work=$(mktemp -d)
mounted=()
clean() {
    for place in ${mounted[@]+"${mounted[@]}"}; do umount "$place" || true; done
    mounted=()
    rm -rf --one-file-system "$work"
}
trap clean EXIT
debootstrap --variant=minbase "$release" "$work/bare" "$mirror" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 1; }
cp /etc/resolv.conf "$work/bare/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$work/bare/usr/sbin/policy-rc.d"    # starts no service inside
chmod +x "$work/bare/usr/sbin/policy-rc.d"

passed=0 failed=0
# try WHERE COMMAND: runs the command in a new bare system, with the checkout's files at /rewas.
try() {
    local where=$1 command=$2 system=$work/system
    cp -a "$work/bare" "$system"
    mkdir "$system/rewas"
    git -C "$root" ls-files -z --cached --others --exclude-standard -- scripts samples protos \
        | tar -C "$root" --null -T - -c | tar -x -C "$system/rewas"
    mount -t proc proc "$system/proc"
    mounted=("$system/proc")
    if chroot "$system" /usr/bin/env -i PATH="$PATH" HOME=/root DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
        bash -c "cd /rewas && apt-get update -qq && $command" >"$work/log" 2>&1 </dev/null; then
        passed=$((passed + 1)); echo "ok      $where: $command"
    else
        failed=$((failed + 1)); echo "FAILED  $where: $command"; tail -20 "$work/log"
    fi
    umount "$system/proc"
    mounted=()
    rm -rf --one-file-system "$system"
}

# The command that must work afterwards, by the page with the install line.
use() {
    case "$1" in
        samples/editing-tool/README.md)
            echo "samples/editing-tool/python/generate.sh && cd samples/editing-tool/python && /usr/bin/python3 -c 'import editing_tool'" ;;
        deploy/README.md) echo "ip -V && ls /usr/lib/postgresql/*/bin/initdb" ;;
        *.Dockerfile) echo "ffmpeg -version && ffprobe -version" ;;
        *) echo true ;;
    esac
}

try README.md "scripts/need-ffmpeg.sh && ffmpeg -version && ffprobe -version"
while IFS=: read -r page line; do
    try "$page" "$line && $(use "$page")"
done < <(cd "$root" && git ls-files -z --cached --others --exclude-standard -- '*.md' '*.Dockerfile' \
    | xargs -0 grep -HoE 'apt-get install [-a-z0-9.+ ]+[a-z0-9]' | grep -v ' install debootstrap$' || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
