#!/usr/bin/env bash
# Lists what each library package offers in its PublicAPI.Unshipped.txt, beside what a release has shipped (PublicAPI.Shipped.txt).
#   scripts/public-api.sh          writes the lists anew, after a change or a move
#   scripts/public-api.sh --ship   for a release: what is listed as unshipped is shipped from now on
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
export LC_ALL=C
mapfile -t projects < <(grep -l '<IsPackable>true' "$root"/libs/*/*.csproj)
count() { grep -vc '^#' "$1" || true; }

for project in "${projects[@]}"; do
    folder=$(dirname "$project")
    shipped=$folder/PublicAPI.Shipped.txt unshipped=$folder/PublicAPI.Unshipped.txt
    [ -f "$shipped" ] || echo '#nullable enable' >"$shipped"
    if [ "${1:-}" = --ship ]; then
        removed=$(sed -n 's/^\*REMOVED\*//p' "$unshipped")
        all=$(cat "$shipped" "$unshipped" | grep -vE '^(#|\*REMOVED\*)' | grep -vxF -- "${removed:-#}" | sort -u)
        printf '%s\n' '#nullable enable' "$all" >"$shipped"
    fi
    echo '#nullable enable' >"$unshipped"
done

if [ "${1:-}" != --ship ]; then
    # With empty lists the analyser reports each symbol that is missing; the compiler's log has the lines as the lists want them.
    "$root/scripts/build.sh" libs/Client --no-incremental -p:TreatWarningsAsErrors=false -p:ErrorLog=obj/public-api.sarif%2cversion=2.1
fi
for project in "${projects[@]}"; do
    folder=$(dirname "$project")
    if [ "${1:-}" != --ship ]; then
        log=$folder/obj/public-api.sarif
        [ -f "$log" ] || { echo "$(basename "$project" .csproj) is a package that the client does not need" >&2; exit 1; }
        sed -n 's/^ *"APIName": "\(.*\)",\{0,1\}$/\1/p' "$log" | sed 's/\\"/"/g; s/\\\\/\\/g' | sort -u >>"$folder/PublicAPI.Unshipped.txt"
        rm "$log"
    fi
    name=$(basename "$project" .csproj)
    echo "$name: $(count "$folder/PublicAPI.Shipped.txt") shipped, $(count "$folder/PublicAPI.Unshipped.txt") not yet"
done
