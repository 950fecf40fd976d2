#!/usr/bin/env bash
# Runs the platform as separate processes, each in its own network namespace. Disturbs them while clients work, and reports the outcome
# of every request:
#   sudo deploy/local.sh -o docs/reliability.md      8 minutes; options: deploy/local.sh --help
# Needs Linux, root (network namespaces, mounts), iproute2, ffmpeg and PostgreSQL (package postgresql). Clocks jump if libfaketime is there.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
"$root/scripts/need-ffmpeg.sh" >&2
"$root/scripts/build.sh" bench/Rewas.Bench -p:RunAnalyzers=false >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ffmpeg -v error -i "$root/samples/hammer.mp4" -t 2 -c copy "$folder/clip.mp4"
cd "$root"
export ORT_DISABLE_TELEMETRY=1
dotnet "$root/bench/Rewas.Bench/bin/Release/net10.0/rewas-bench.dll" faults --video "$folder/clip.mp4" "$@"
