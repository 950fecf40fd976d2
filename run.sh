#!/usr/bin/env bash
# Installs ffmpeg if it is missing, builds the program, and adds sound to a video:
#   ./run.sh VIDEO --prompt TEXT -o OUT [options of `rewas generate`]
# Without arguments, it opens the studio in the browser.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
"$root/scripts/need-ffmpeg.sh" >&2
"$root/scripts/build.sh" cli -p:RunAnalyzers=false >&2
[ $# -gt 0 ] || exec "$root/rewas" studio
exec "$root/rewas" generate "$@"
