#!/usr/bin/env bash
# Lists what the platform is made of in CycloneDX: artifacts/rewas.cdx.json. The command line project contains all packages that are
# delivered. ffmpeg is no package: it is listed as this machine has it.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
scripts/need-ffmpeg.sh >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
start=$SECONDS
if ! { dotnet restore cli --verbosity quiet && dotnet tool restore && dotnet tool run dotnet-CycloneDX -- cli/Rewas.Cli.csproj \
    --recursive --output artifacts --filename rewas.cdx.json --output-format Json --disable-package-restore \
    --set-name Rewas.Platform; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
grep -q '"bomFormat": "CycloneDX"' artifacts/rewas.cdx.json

if ! version=$(ffmpeg -version | sed -n '1s/^ffmpeg version \([^ ]*\) .*/\1/p') || [ -z "$version" ]; then
    echo "ffmpeg is missing, so it cannot be listed" >&2
    exit 1
fi
purl=pkg:generic/ffmpeg@$version
if command -v dpkg-query >/dev/null && package=$(dpkg-query -W -f '${Version}?arch=${Architecture}' ffmpeg 2>/dev/null); then
    purl=pkg:deb/$(. /etc/os-release && echo "$ID")/ffmpeg@${package//:/%3A}
fi
ffmpeg="{ \"type\": \"application\", \"bom-ref\": \"$purl\", \"name\": \"ffmpeg\", \"version\": \"$version\", \"scope\": \"required\", \
\"description\": \"Child process that reads and writes video. It is not delivered with the packages.\", \"purl\": \"$purl\" },"
sed -i "0,/^  \"components\": \\[/s||&\n    ${ffmpeg//&/\\&}|" artifacts/rewas.cdx.json
grep -q '"name": "ffmpeg"' artifacts/rewas.cdx.json

# The packages in the studio's page, as they are named in the licences that are delivered with it.
page=$(sed -n 's/^\(@\{0,1\}[a-z][a-z0-9./@-]*\) \([0-9][0-9.]*\) (\([A-Za-z0-9.-]*\))$/\1 \2 \3/p' gateway/Web/Studio/Page/licences.txt)
while read -r name version licence; do
    purl=pkg:npm/${name/@/%40}@$version
    library="{ \"type\": \"library\", \"bom-ref\": \"$purl\", \"name\": \"$name\", \"version\": \"$version\", \
\"scope\": \"required\", \"licenses\": [{ \"license\": { \"id\": \"$licence\" } }], \"purl\": \"$purl\" },"
    sed -i "0,/^  \"components\": \\[/s||&\n    ${library//&/\\&}|" artifacts/rewas.cdx.json
done <<<"$page"
grep -q '"name": "lit"' artifacts/rewas.cdx.json
echo "Wrote artifacts/rewas.cdx.json: $(grep -c '"purl"' artifacts/rewas.cdx.json) packages, in $((SECONDS - start)) s."
