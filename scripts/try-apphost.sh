#!/usr/bin/env bash
# Starts the fleet of apphost/apphost.cs, makes a sound through its gateway, and ends the fleet. Usage: scripts/try-apphost.sh [FIRST PORT]
# The last line is "N passed, N failed".
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
first=${1:-15100}                                       # five ports for the services, then three for the dashboard
. "$root/scripts/trial.sh"
"$root/scripts/build.sh" apphost/apphost.cs
[ -f "$root/cli/bin/Release/net10.0/rewas.dll" ] || "$root/scripts/build.sh" cli -p:RunAnalyzers=false

export REWAS_CACHE=off ASPIRE_ALLOW_UNSECURED_TRANSPORT=true ASPNETCORE_URLS="http://127.0.0.1:$((first + 5))"
export ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL="http://127.0.0.1:$((first + 6))"
export ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL="http://127.0.0.1:$((first + 7))"
dotnet run --no-build --no-launch-profile -c Release "$root/apphost/apphost.cs" -- "--FirstPort=$first" >"$work/apphost.log" 2>&1 &
background=$!
until "$root/rewas" doctor --gateway "http://127.0.0.1:$first" >"$work/doctor.log" 2>&1; do
    kill -0 "$background" 2>/dev/null || { echo "the app host ended before its fleet served" >&2; exit 1; }
    [ $((SECONDS - start)) -lt 300 ] || { echo "the fleet does not serve after five minutes" >&2; exit 1; }
    sleep 1
done
echo "The fleet serves after $((SECONDS - start)) s."
curl --fail --silent --show-error --location --output /dev/null "http://127.0.0.1:$((first + 5))/"
"$root/rewas" generate "$root/samples/hammer.mp4" --prompt "a hammer striking wood" -o "$work/out.wav" \
    --gateway "http://127.0.0.1:$first" >"$work/generate.log" 2>&1
peak=$(ffmpeg -nostdin -hide_banner -i "$work/out.wav" -af volumedetect -f null - 2>&1 \
    | grep -oE 'max_volume: -?[0-9.]+' | grep -oE '[-0-9.]+$')
awk -v peak="$peak" 'BEGIN { exit !(peak > -40) }' || { echo "the sound must have a peak over -40 dB, not $peak dB" >&2; exit 1; }

end_background
# Aspire's orchestrator outlives the app host until the services have ended.
stopped=$SECONDS
for port in $(seq "$first" $((first + 7))); do
    while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        [ $((SECONDS - stopped)) -lt 60 ] || { echo "something still listens at port $port a minute after the end" >&2; exit 1; }
        sleep 0.2
    done
done
echo "Made a sound with a peak of $peak dB through the gateway and ended the fleet, after $((SECONDS - start)) s."
echo "1 passed, 0 failed"
