#!/usr/bin/env bash
# Writes index.xml, the list that ReaPack reads, with the hash of each file:
#   integrations/reaper/write-index.sh https://example.org/path/of/this/folder
# Without an address it keeps the one that stands there.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
address=${1:-$(grep -oE 'https://[^<]*/rewas\.lua' index.xml | sed 's|/rewas\.lua$||')}
[[ $address =~ ^https://[A-Za-z0-9./_-]+$ ]] || { echo "the address must be https://, but is '$address'" >&2; exit 2; }
version=$(sed -n 's/^-- @version //p' rewas.lua)
time=$(date -u +%Y-%m-%dT00:00:00Z)
source_of() { echo "        <source $1hash=\"1220$(sha256sum "$2" | cut -d' ' -f1)\">$address/$2</source>"; }
{
    echo '<?xml version="1.0" encoding="utf-8"?>'
    echo '<index version="1" name="Rewas">'
    echo '  <category name="Sound">'
    echo '    <reapack name="rewas.lua" type="script" desc="Rewas: sound for the selected video, from a prompt">'
    echo "      <version name=\"$version\" author=\"Rewas.Platform\" time=\"$time\">"
    source_of 'main="main" ' rewas.lua
    for file in rewas/*.lua; do source_of "file=\"$file\" " "$file"; done
    echo '      </version>'
    echo '    </reapack>'
    echo '  </category>'
    echo '</index>'
} >index.xml.new
mv index.xml.new index.xml
