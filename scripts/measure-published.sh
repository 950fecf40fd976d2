#!/usr/bin/env bash
# Measures the published networks on this machine: calls beside libtorch, whole commands, the guard of int8, and the start of each service.
#   scripts/measure-published.sh BUNDLE [BEFORE.dll]
# BUNDLE    a folder; a bundle of the published sizes with pseudo-random weights is written there if there is none (4.2 GB, 1 minute)
# BEFORE    a built rewas.dll of another version, which is measured in turn with this one
# The tables go to bench/results/published-*.md. It takes about 40 minutes on two quiet cores, 13 GB of memory at most. One process runs
# at a time.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
bundle=$(realpath -m "${1:?a folder for the bundle}")
before=${2:-}
bench="dotnet bench/Rewas.Bench/bin/Release/net10.0/rewas-bench.dll"
rewas="dotnet cli/bin/Release/net10.0/rewas.dll"
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

dotnet build bench/Rewas.Bench -c Release -v q --nologo -p:RunAnalyzers=false
for name in VideoEncoder EnergyPredictor AudioDiffusion Vocoder; do
    dotnet build "services/$name" -c Release -v q --nologo -p:RunAnalyzers=false
done
$bench made-bundle -o "$bundle"
ffmpeg -v error -y -i samples/hammer.mp4 -t 5 -c copy -an "$work/five.mp4"
export REWAS_CACHE="$work/cache"
# The weights in integers are made before anything is timed.
$rewas generate "$work/five.mp4" --prompt "a hammer" --bundle "$bundle" --precision int8 --steps 1 -o "$work/first.mp4"

$bench call --bundle "$bundle" --network video_encoder --rows 1 --threads 2 --calls 5 -o bench/results/published-encoder.md 2>/dev/null
$bench call --bundle "$bundle" --network denoiser --rows 2 --threads 2 --calls 5 -o bench/results/published-denoiser.md 2>/dev/null
$bench call --bundle "$bundle" --network vocoder --rows 1 --threads 2 --calls 5 -o bench/results/published-vocoder.md 2>/dev/null
$bench costs --bundle "$bundle" --video "$work/five.mp4" --preset draft standard --runs 5 -o bench/results/published-costs.md
$bench costs --video "$work/five.mp4" --runs 5 -o bench/results/mini-costs.md
if [ -n "$before" ]; then
    $bench costs --bundle "$bundle" --video "$work/five.mp4" --preset none --runs 5 \
        --program "before=$before" "after=cli/bin/Release/net10.0/rewas.dll" -o bench/results/published-before-after.md
fi
./rewas evaluate precision --clips 2 --bundle "$bundle" > bench/results/published-precision.md || true
./rewas evaluate precision --clips 24 > bench/results/mini-precision.md || true

# :: The start of each service, from the process to the line that it listens.
{
    echo "| service | precision | start, s | peak resident, MB |"
    echo "|---|---|---|---|"
    for name in VideoEncoder EnergyPredictor AudioDiffusion Vocoder; do
        for precision in f32 int8; do
            setting=()
            case $name in VideoEncoder | AudioDiffusion) setting=("--$name:Precision=$precision") ;; *) [ "$precision" = f32 ] || continue ;; esac
            began=$(date +%s.%N)
            dotnet "services/$name/bin/Release/net10.0/Rewas.$name.dll" "--Rewas:Bundle=$bundle" "--Rewas:Listen=unix:$work/$name.sock" \
                "${setting[@]}" > "$work/$name.log" 2>&1 &
            service=$!
            until [ -S "$work/$name.sock" ]; do
                kill -0 "$service" || { cat "$work/$name.log"; exit 1; }
                sleep 0.05
            done
            ended=$(date +%s.%N)
            peak=$(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$service/status")
            kill "$service"
            wait "$service" || true
            service=
            rm -f "$work/$name.sock"
            echo "| $name | $precision | $(echo "$ended - $began" | bc) | $peak |"
        done
    done
} | tee bench/results/published-starts.md
