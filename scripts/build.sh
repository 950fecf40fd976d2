#!/usr/bin/env bash
# Restores and builds one project of this checkout, or the whole solution, in Release. Prints how long it took.
# Usage: scripts/build.sh cli -p:RunAnalyzers=false | scripts/build.sh Rewas.Platform.sln
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK 10 is missing. Install it from https://dot.net or with your package manager (dotnet-sdk-10.0)." >&2
    exit 2
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
start=$SECONDS
what=$1
shift
echo "Building $what (the first time, packages are downloaded) ..."
if ! dotnet build "$root/$what" "$@" --configuration Release --verbosity quiet -nologo >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
echo "Built $what in $((SECONDS - start)) s."
