#!/usr/bin/env bash
# Builds everything and runs the tests:
#   ./test.sh          what a change should pass: minutes
#   ./test.sh --all    also the networks at their full published size and the stress tests
#   ./test.sh --rest   only what ./test.sh leaves out, and what asks for ../shared; CI runs it after ./test.sh
# Further arguments go to each test program, e.g. ./test.sh -class '*MuxerTests'.
# Says which tests were skipped and why, and closes with a line "N passed, N failed, N skipped".
# With REWAS_SKIPS=listed, a skip that tests/allowed-skips.txt does not name counts as a failure.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
case "${1:-}" in
    --all) filter=(); shift ;;
    --rest) filter=(-trait Category=FullSize -trait Category=Stress -trait Category=Shared); shift ;;
    *) filter=(-trait- Category=FullSize -trait- Category=Stress) ;;
esac
"$root/scripts/need-ffmpeg.sh"
if [ -n "${CI:-}" ]; then dotnet format whitespace "$root" --folder --verify-no-changes; fi   # before obj/ holds generated code
"$root/scripts/build.sh" Rewas.Platform.sln

logs=$root/artifacts/tests
rm -rf "$logs"
mkdir -p "$logs"
# Ctrl-C ends the tests too, which run in groups of processes of their own.
trap 'cat "$logs"/*.pid 2>/dev/null | xargs -r kill 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM

# Runs one project's tests; $logs/NAME.log has what it says and then how long it took, NAME.exit its exit code.
run() {
    local name=$1 status=0
    shift
    # A test that hangs is named after five minutes, and ends its project after thirty: the others are still run.
    timeout --kill-after=30 30m bash -c 'TIMEFORMAT="%0R s, %0U + %0S s of processor"; time dotnet "$@"' -- "$root/tests/$name/bin/Release/net10.0/$name.dll" \
        -noLogo -noColor -longRunning 300 "$@" >"$logs/$name.log" 2>&1 </dev/null &
    echo $! >"$logs/$name.pid"
    wait $! || status=$?
    rm "$logs/$name.pid"
    echo "$status" >"$logs/$name.exit"
    echo "== $name"
    grep -v 'Could not initialize NNPACK' "$logs/$name.log" || true   # libtorch says so of every network where it does not know the processor
}

# Two projects at a time, since many tests wait for a process or for a time to pass; the two longest first, so that none is left alone at the end.
names=(Rewas.EndToEnd.Tests Rewas.Tests)
for project in "$root"/tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    if [[ " ${names[*]} " != *" $name "* ]]; then names+=("$name"); fi
done
for name in "${names[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || true; done
    run "$name" ${filter[@]+"${filter[@]}"} "$@" &
done
wait

passed=0 failed=0 skipped=0
failures=$logs/failures.txt skips=$logs/skips.txt
: >"$failures"
: >"$skips"
for name in "${names[@]}"; do
    # The runner's last line: "   NAME  Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.2s"; "Total: 0" alone where nothing was chosen.
    summary=$(grep -oE 'Total: [0-9]+(, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+(, Not Run: [0-9]+)?)?' "$logs/$name.log" | tail -1 || true)
    status=$(cat "$logs/$name.exit")
    if [ -z "$summary" ]; then failed=$((failed + 1)); echo "$name did not end: exit code $status" >>"$failures"; continue; fi
    number() { grep -oE "$1: [0-9]+" <<<"$summary" | grep -oE '[0-9]+' || echo 0; }
    bad=$(($(number Errors) + $(number Failed)))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && [ "$(number Total)" -gt 0 ]; then bad=1; echo "$name: exit code $status" >>"$failures"; fi
    failed=$((failed + bad))
    skipped=$((skipped + $(number Skipped)))
    passed=$((passed + $(number Total) - $(number Errors) - $(number Failed) - $(number Skipped) - $(number 'Not Run')))
    grep -A 15 '\[FAIL\]$' "$logs/$name.log" >>"$failures" || true
    # "    NAME [SKIP]", and its reason in the next line.
    awk '/ \[SKIP\]$/ { sub(/^ +/, ""); sub(/ \[SKIP\]$/, ""); name = $0; getline; sub(/^ +/, ""); print name ": " $0 }' "$logs/$name.log" >>"$skips"
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
if [ -s "$skips" ]; then echo "== Skipped"; cat "$skips"; fi
if [ -s "$failures" ]; then echo "== Failed"; cat "$failures"; fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
