#!/usr/bin/env bash
# Starts every container of the Kubernetes manifests on this machine as it is written: its command, its environment, its user, a root that
# cannot be written, its mounts, and its limit of memory (control groups, or prlimit where this user may make none). Then asks its probes,
# makes the sound of a clip through the gateway, and has a conversation. Checks the manifests themselves too.
# Needs Linux, kubectl, bubblewrap and ffmpeg, but no cluster and no containers. ./test.sh runs the same tests.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
for program in kubectl bwrap; do
    command -v "$program" >/dev/null || { echo "$program is missing (Debian: kubernetes-client, bubblewrap)" >&2; exit 2; }
done
"$root/scripts/need-ffmpeg.sh" >&2
"$root/scripts/build.sh" tests/Rewas.EndToEnd.Tests -p:RunAnalyzers=false >&2
exec dotnet "$root/tests/Rewas.EndToEnd.Tests/bin/Release/net10.0/Rewas.EndToEnd.Tests.dll" \
    -noLogo -noColor -showLiveOutput -class '*.Deploy.*' "$@"
