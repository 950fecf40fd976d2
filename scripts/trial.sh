# shellcheck shell=bash
# For scripts that try something; they source this file. It makes the scratch folder $work and counts from $start. At the end it ends the
# process $background, shows the last lines of $work/*.log if the script failed, and deletes the folder.
work=$(mktemp -d)
background=
start=$SECONDS
end_background() {
    if [ -n "$background" ]; then kill "$background" 2>/dev/null || true; wait "$background" 2>/dev/null || true; fi
    background=
}
finish() {
    local status=$?
    trap - EXIT
    end_background
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$work"/*.log >&2 2>/dev/null || true
        echo "0 passed, 1 failed"
    fi
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT
