#!/usr/bin/env bash
# Generates the stubs of the protocol beside this file; needs Debian's python3-grpc-tools.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
protos=$here/../../../protos
python3 -m grpc_tools.protoc -I "$protos" --python_out="$here" --grpc_python_out="$here" "$protos"/rewas/v1/*.proto
