#!/usr/bin/env bash
# Makes sure that ffmpeg is installed. Root gets it installed without a question; other users see the command. Never waits for an answer.
set -euo pipefail
folder=${REWAS_FFMPEG:-}
if [ -n "$folder" ] && [ -x "$folder/ffmpeg" ] && [ -x "$folder/ffprobe" ]; then exit 0; fi
if command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null; then exit 0; fi

if command -v apt-get >/dev/null; then install="apt-get install -y --no-install-recommends ffmpeg"; refresh="apt-get update"
elif command -v dnf >/dev/null; then install="dnf install -y ffmpeg-free"; refresh=true
elif command -v apk >/dev/null; then install="apk add ffmpeg"; refresh=true
elif command -v zypper >/dev/null; then install="zypper --non-interactive install ffmpeg"; refresh=true
elif command -v brew >/dev/null; then install="brew install ffmpeg"; refresh=true
else
    echo "ffmpeg is missing: install the package 'ffmpeg' and put ffmpeg and ffprobe on the PATH" \
        "(or name their folder in REWAS_FFMPEG)." >&2
    exit 2
fi
if [ "$(id -u)" -ne 0 ] && [[ "$install" != brew* ]]; then
    echo "ffmpeg is missing. Install it with:  sudo $install" >&2
    exit 2
fi
echo "Installing ffmpeg ($install) ..."
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $refresh && $install; } >"$log" 2>&1 </dev/null; then
    tail -5 "$log" >&2
    echo "ffmpeg could not be installed with: $install" >&2
    exit 2
fi
if ! command -v ffmpeg >/dev/null || ! command -v ffprobe >/dev/null; then
    echo "ffmpeg is still missing after: $install" >&2
    exit 2
fi
