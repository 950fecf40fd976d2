#!/usr/bin/env bash
# Builds everything and runs the tests:
#   ./test.sh          what a change should pass: minutes
#   ./test.sh --all    also the networks at their full published size, as CI does
# Closes with a line "N passed, N failed".
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
filter=(-trait- Category=FullSize)
if [ "${1:-}" = --all ]; then filter=(); shift; fi
"$root/scripts/need-ffmpeg.sh"
if [ -n "${CI:-}" ]; then dotnet format whitespace "$root" --folder --verify-no-changes; fi   # before obj/ holds generated code
"$root/scripts/build.sh" Rewas.Platform.sln

passed=0 failed=0 skipped=0
failures=$(mktemp)                                        # what failed and why, said once more at the end, where it is found
for project in $(dirname "$root"/tests/*/*.csproj); do
    name=$(basename "$project")
    echo "== $name"
    log=$(mktemp)
    status=0
    # A test that hangs is named after five minutes, and ends its project after thirty: the others are still run.
    timeout --kill-after=30 30m dotnet "$project/bin/Release/net10.0/$name.dll" -noLogo -noColor -longRunning 300 ${filter[@]+"${filter[@]}"} "$@" 2>&1 \
        | { grep --line-buffered -v 'Could not initialize NNPACK' || true; } | tee "$log" || status=$?   # libtorch says so of every network where it does not know the processor
    # The runner's last line: "   NAME  Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.2s"
    summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+(, Not Run: [0-9]+)?' "$log" | tail -1 || true)
    grep -A 15 '\[FAIL\]$' "$log" >> "$failures" || true
    rm -f "$log"
    number() { grep -oE "$1: [0-9]+" <<<"$summary" | grep -oE '[0-9]+' || echo 0; }
    if [ -z "$summary" ]; then failed=$((failed + 1)); echo "$name did not end: exit code $status" >> "$failures"; continue; fi
    bad=$(($(number Errors) + $(number Failed)))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; echo "$name: exit code $status" >> "$failures"; fi
    failed=$((failed + bad))
    skipped=$((skipped + $(number Skipped)))
    passed=$((passed + $(number Total) - $(number Errors) - $(number Failed) - $(number Skipped) - $(number 'Not Run')))
done
if [ -s "$failures" ]; then echo "== Failed"; cat "$failures"; fi
rm -f "$failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
