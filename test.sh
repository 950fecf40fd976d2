#!/usr/bin/env bash
# Builds everything and runs the tests:
#   ./test.sh             the tests that every change should pass; takes minutes
#   ./test.sh --all       adds the networks at their full published size, and the stress tests
#   ./test.sh --rest      only the tests that ./test.sh leaves out, and those that need ../shared; CI runs it after ./test.sh
#   ./test.sh --nightly   only the tests that are marked Explicit; each takes minutes, and the soak two hours (REWAS_SOAK_MINUTES)
#   ./test.sh [one of these] --no-build   tests what was built before
# Further arguments go to each test program, e.g. ./test.sh -class '*MuxerTests'.
# It lists the slowest tests, and the skipped ones with their reasons. The last line is "N passed, N failed, N skipped".
# artifacts/tests has the results as JUnit files.
# With REWAS_SKIPS=listed, a skip that tests/allowed-skips.txt does not name counts as a failure.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
limit=60m
# Two projects run at a time, because many tests wait for a process or for time to pass. The networks at their full published size fill
# disk and memory, so with --rest one project runs at a time.
at_once=2
case "${1:-}" in
    --all) filter=(); shift ;;
    --rest) filter=(-trait Category=FullSize -trait Category=Stress -trait Category=Shared) at_once=1; shift ;;
    --nightly) filter=(-explicit only -showLiveOutput) limit=6h; shift ;;
    *) filter=(-trait- Category=FullSize -trait- Category=Stress) ;;
esac
builds=true
if [ "${1:-}" = --no-build ]; then builds=false; shift; fi
"$root/scripts/need-ffmpeg.sh"
if [ -n "${CI:-}" ]; then dotnet format whitespace "$root" --folder --verify-no-changes; fi   # before obj/ holds generated code
if $builds; then "$root/scripts/build.sh" Rewas.Platform.sln; fi

logs=$root/artifacts/tests
rm -rf "$logs"
mkdir -p "$logs"
# Ctrl-C must also end the tests, which run in their own process groups.
trap 'cat "$logs"/*.pid 2>/dev/null | xargs -r kill 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM

# Runs the tests of one project. $logs/NAME.log gets its output and the time it took; NAME.xml its results; NAME.exit its exit code.
run() {
    local name=$1 status=0
    shift
    # A hanging test is named after five minutes. After the limit its project is ended, and the other projects still run.
    local program=$root/tests/$name/bin/Release/net10.0/$name.dll
    timeout --kill-after=30 "$limit" bash -c 'TIMEFORMAT="%0R s, %0U + %0S s of processor"; time dotnet "$@"' -- "$program" \
        -noLogo -noColor -longRunning 300 -result-junit "$logs/$name.xml" "$@" >"$logs/$name.log" 2>&1 </dev/null &
    echo $! >"$logs/$name.pid"
    wait $! || status=$?
    rm "$logs/$name.pid"
    echo "$status" >"$logs/$name.exit"
    echo "== $name"
    # libtorch prints this line for every network if it does not know the processor.
    grep -v 'Could not initialize NNPACK' "$logs/$name.log" || true
}

# The two longest come first, so that neither is left alone at the end.
names=(Rewas.EndToEnd.Tests Rewas.Tests)
for project in "$root"/tests/*/*.Tests.csproj; do
    name=$(basename "$project" .csproj)
    if [[ " ${names[*]} " != *" $name "* ]]; then names+=("$name"); fi
done
for name in "${names[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n || true; done
    run "$name" ${filter[@]+"${filter[@]}"} "$@" &
done
wait

passed=0 failed=0 skipped=0
failures=$logs/failures.txt skips=$logs/skips.txt
: >"$failures"
: >"$skips"
for name in "${names[@]}"; do
    # The runner's last line: "   NAME  Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.2s". It is "Total: 0" alone if no
    # test was chosen.
    pattern='Total: [0-9]+(, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+(, Not Run: [0-9]+)?)?'
    summary=$(grep -oE "$pattern" "$logs/$name.log" | tail -1 || true)
    status=$(cat "$logs/$name.exit")
    if [ -z "$summary" ]; then failed=$((failed + 1)); echo "$name did not end: exit code $status" >>"$failures"; continue; fi
    number() { grep -oE "$1: [0-9]+" <<<"$summary" | grep -oE '[0-9]+' || echo 0; }
    bad=$(($(number Errors) + $(number Failed)))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && [ "$(number Total)" -gt 0 ]; then bad=1; echo "$name: exit code $status" >>"$failures"; fi
    failed=$((failed + bad))
    skipped=$((skipped + $(number Skipped)))
    passed=$((passed + $(number Total) - $(number Errors) - $(number Failed) - $(number Skipped) - $(number 'Not Run')))
    grep -A 15 '\[FAIL\]$' "$logs/$name.log" >>"$failures" || true
    # A skipped test is "    NAME [SKIP]", with its reason in the next line.
    awk '/ \[SKIP\]$/ { sub(/^ +/, ""); sub(/ \[SKIP\]$/, ""); name = $0; getline; sub(/^ +/, ""); print name ": " $0 }' \
        "$logs/$name.log" >>"$skips"
done

if [ "${REWAS_SKIPS:-}" = listed ]; then
    while IFS= read -r skip; do
        method=${skip%%[(:]*}
        if ! grep -qE "^${method//./\\.}( |$)" "$root/tests/allowed-skips.txt"; then
            failed=$((failed + 1)) skipped=$((skipped - 1))
            echo "skipped, which tests/allowed-skips.txt does not allow: $skip" >>"$failures"
        fi
    done <"$skips"
fi
slowest=$(grep -ohE '<testcase name="[^"]*" time="[0-9.]+"' "$logs"/*.xml 2>/dev/null \
    | sed -E 's/.* name="([^"]*)" time="([0-9]+).*/\2 s  \1/; s/&quot;/"/g' | sort -rn | head -15 || true)
if [ -n "$slowest" ]; then echo "== Slowest"; echo "$slowest"; fi
if [ -s "$skips" ]; then echo "== Skipped"; cat "$skips"; fi
if [ -s "$failures" ]; then echo "== Failed"; cat "$failures"; fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
