#!/usr/bin/env bash
# Lists the packages of the platform in CycloneDX: artifacts/rewas.cdx.json. The command line project contains everything that is delivered.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
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
echo "Wrote artifacts/rewas.cdx.json: $(grep -c '"purl"' artifacts/rewas.cdx.json) packages, in $((SECONDS - start)) s."
