#!/usr/bin/env bash
# Packs the client and the packages that it needs, restores them in a project outside the repository, and makes a sound through
# `rewas serve` with the program of libs/Client/README.md. Needs a Release build of the solution, such as ./test.sh makes.
# The last line is "N passed, N failed".
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. "$root/scripts/trial.sh"

for project in $(grep -l '<IsPackable>true' "$root"/libs/*/*.csproj); do
    dotnet pack "$project" --no-build --configuration Release --output "$work/packages" --verbosity quiet -nologo >"$work/pack.log" 2>&1
done
version=$(basename "$work"/packages/Rewas.Client.[0-9]*.nupkg .nupkg)
version=${version#Rewas.Client.}
packed=$(find "$work/packages" -name '*.nupkg' -printf '%f\n' | sed "s/\.$version\.nupkg//" | sort | xargs)
echo "Packed version $version in $((SECONDS - start)) s: $packed."

# Other packages come from the machine's own sources. This repository's are installed in the scratch folder, so that no older build of
# them is used.
mkdir "$work/tool"
machine=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
cat >"$work/tool/nuget.config" <<XML
<configuration>
  <config><add key="globalPackagesFolder" value="$work/installed" /></config>
  <packageSources><add key="this-repository" value="$work/packages" /></packageSources>
  <fallbackPackageFolders><add key="machine" value="$machine" /></fallbackPackageFolders>
</configuration>
XML
cat >"$work/tool/tool.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Rewas.Client" Version="$version" />
  </ItemGroup>
</Project>
XML
awk '/^```csharp$/ { code = 1; next } /^```$/ { code = 0 } code' "$root/libs/Client/README.md" >"$work/tool/Program.cs"
dotnet build "$work/tool" --configuration Release --verbosity quiet -nologo >"$work/build.log" 2>&1
[ -d "$work/installed/rewas.client/$version" ] || { echo "Rewas.Client $version was found elsewhere: in $machine" >&2; exit 1; }
echo "Restored and built a project that references Rewas.Client alone, after $((SECONDS - start)) s."

REWAS_CACHE=off "$root/rewas" serve --listen "unix:$work/rewas.sock" -- "--Jobs:Folder=$work/jobs" >"$work/serve.log" 2>&1 &
background=$!
until [ -S "$work/rewas.sock" ]; do
    kill -0 "$background" 2>/dev/null || { echo "rewas serve ended before it listened" >&2; exit 1; }
    sleep 0.1
done
dotnet "$work/tool/bin/Release/net10.0/tool.dll" "unix:$work/rewas.sock" "$root/samples/hammer.mp4" "$work/hammer.wav" \
    | tee "$work/tool.log"

seconds() { ffprobe -v error -show_entries format=duration -of csv=p=0 "$1" | xargs printf '%.3f'; }
picture=$(seconds "$root/samples/hammer.mp4")
sound=$(seconds "$work/hammer.wav")
peak=$(ffmpeg -nostdin -hide_banner -i "$work/hammer.wav" -af volumedetect -f null - 2>&1 \
    | grep -oE 'max_volume: -?[0-9.]+' | grep -oE '[-0-9.]+$')
echo "The video lasts $picture s, the sound $sound s with a peak of $peak dB, after $((SECONDS - start)) s."
[ "$picture" = "$sound" ] || { echo "the sound must be as long as the video" >&2; exit 1; }
awk -v peak="$peak" 'BEGIN { exit !(peak > -40) }' || { echo "the sound must have a peak over -40 dB" >&2; exit 1; }
echo "1 passed, 0 failed"
