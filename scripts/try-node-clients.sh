#!/usr/bin/env bash
# Drives `rewas serve` with clients for Node.js: the TypeScript client of samples/web/typescript, the conformance suite of the Model Context
# Protocol, and its official client with samples/web/mcp/conversation.mjs, over HTTP and over standard input and output.
#   scripts/try-node-clients.sh           tries them; the last line is "N passed, N failed"
#   scripts/try-node-clients.sh --write   writes samples/web/typescript/openapi.ts anew from the API document
# Needs a Release build of cli, Node.js 20 or later, and npm with a registry. Exit code 77: one of them is not there.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
program=${REWAS_DLL:-$root/cli/bin/Release/net10.0/rewas.dll}
samples=$root/samples/web
film=$root/samples/hammer.mp4
# The conformance suite needs at least this one.
node_wanted=22

lacking() { echo "$1"; exit 77; }
[ -f "$program" ] || lacking "the program is not built: dotnet build cli -c Release"
command -v npm >/dev/null && command -v node >/dev/null || lacking "Node.js and npm are not installed"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ] || lacking "Node.js must be 20 or later, but is $(node --version)"

work=$(mktemp -d)
server=
finish() {
    local status=$?
    trap - EXIT
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then
        tail -n 40 "$work"/*.log >&2 2>/dev/null || true
        echo "$passed passed, 1 failed"
    fi
    rm -rf "$work"
    exit "$status"
}
passed=0
trap finish EXIT
did() { passed=$((passed + 1)); echo "$1"; }
install() { npm install --prefix "$1" --no-audit --no-fund --no-package-lock --loglevel=error "${@:2}" >"$work/npm.log" 2>&1; }

npm view typescript version >"$work/npm.log" 2>&1 || lacking "npm reaches no registry"
cp -r "$samples/typescript" "$samples/mcp" "$work"
install "$work/typescript"
install "$work/mcp"

export REWAS_CACHE=off
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
web=http://127.0.0.1:$port
dotnet "$program" serve --listen "unix:$work/rewas.sock" --web "$web" -- "--Store:Folder=$work/store" >"$work/serve.log" 2>&1 &
server=$!
until curl -sf "$web/v1/health" >/dev/null; do
    kill -0 "$server" 2>/dev/null || { echo "rewas serve ended before it listened" >&2; exit 1; }
    sleep 0.2
done

# The types are those of the document.
curl -sf "$web/openapi/v1.json" -o "$work/openapi.json"
(cd "$work/typescript" && npx openapi-typescript "$work/openapi.json" -o "$work/openapi.ts" >"$work/types.log" 2>&1)
if [ "${1:-}" = --write ]; then
    cp "$work/openapi.ts" "$samples/typescript/openapi.ts"
    echo "Wrote samples/web/typescript/openapi.ts."
    exit
fi
diff "$samples/typescript/openapi.ts" "$work/openapi.ts" >"$work/diff.log" \
    || { echo "samples/web/typescript/openapi.ts must be written anew: scripts/try-node-clients.sh --write" >&2; exit 1; }
did "The types of the TypeScript client are those of the API document."

has_sound() { ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 "$1" | grep -q .; }

npm run --prefix "$work/typescript" build >"$work/build.log" 2>&1
node "$work/typescript/built/rewas.js" "$web" "$film" "a hammer striking metal" "$work/typescript.mp4" >"$work/client.log" 2>&1
has_sound "$work/typescript.mp4"
did "The TypeScript client has made a film with sound."

# Scenarios that need no tool, prompt or resource made for the suite itself.
node=node
if [ "$(node -p 'parseInt(process.versions.node)')" -lt "$node_wanted" ]; then
    install "$work/node" "node@$node_wanted"
    node=$work/node/node_modules/node/bin/node
    [ -x "$node" ] || { echo "node@$node_wanted cannot be installed from npm" >&2; exit 1; }
fi
suite=$work/mcp/node_modules/@modelcontextprotocol/conformance/dist/index.js
for scenario in server-initialize ping logging-set-level tools-list resources-list prompts-list dns-rebinding-protection; do
    "$node" "$suite" server --url "$web/mcp" --scenario "$scenario" >"$work/$scenario.log" 2>&1
    did "Conformance: $scenario."
done

for server_of in "$web/mcp" "dotnet $program mcp"; do
    (cd "$work/mcp" && node conversation.mjs "$server_of" "$film" "a hammer striking metal" "$work/conversation.mp4") \
        >"$work/conversation.log" 2>&1
    grep -q '^sound: succeeded, progress was told: true$' "$work/conversation.log"
    has_sound "$work/conversation.mp4"
    rm "$work/conversation.mp4"
    did "A conversation by tools alone, through $([[ $server_of == http* ]] && echo HTTP || echo standard input and output)."
done
echo "$passed passed, 0 failed"
