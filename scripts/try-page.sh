#!/usr/bin/env bash
# Checks the studio's page in a copy of its sources: types, lint, format, unit tests, and that the committed bundle is what they give.
# Needs Node.js 20 or later, and npm with a registry. Exit code 77: one of them is not there.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

lacking() { echo "$1"; exit 77; }
command -v npm >/dev/null && command -v node >/dev/null || lacking "Node.js and npm are not installed"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ] || lacking "Node.js must be 20 or later, but is $(node --version)"
npm view typescript version >/dev/null 2>&1 || lacking "npm reaches no registry"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/samples/web/typescript" "$work/gateway/Web/Studio" "$work/web"
cp "$root/samples/web/typescript/openapi.ts" "$work/samples/web/typescript"
cp -r "$root/gateway/Web/Studio/Page" "$work/gateway/Web/Studio"
tar -C "$root/web" --exclude node_modules -cf - . | tar -C "$work/web" -xf -
cd "$work/web"
npm ci --no-audit --no-fund --loglevel=error
npm run --silent check
npm run --silent test
