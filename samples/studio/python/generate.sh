#!/usr/bin/env bash
# Generates the stubs of the protocol beside this file; needs Debian's protobuf-compiler and protobuf-compiler-grpc.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
protos=$here/../../../protos
protoc -I "$protos" --python_out="$here" --grpc_out="$here" --plugin="protoc-gen-grpc=$(command -v grpc_python_plugin)" "$protos"/rewas/v1/*.proto
