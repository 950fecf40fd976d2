#!/usr/bin/env bash
# Generates the Python stubs of the protocol, beside this file.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
protos=$here/../../../protos
missing=()
command -v protoc >/dev/null || missing+=(protobuf-compiler)
command -v grpc_python_plugin >/dev/null || missing+=(protobuf-compiler-grpc)
# The protocol uses protobuf's own types. Debian has them in a separate package; elsewhere they come with protoc.
if command -v protoc >/dev/null && ! protoc -I "$protos" --descriptor_set_out=/dev/null google/protobuf/duration.proto 2>/dev/null; then
    missing+=(libprotobuf-dev)
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "These packages are missing (Debian's names): ${missing[*]}" >&2
    exit 2
fi
protoc -I "$protos" --python_out="$here" --grpc_out="$here" --plugin="protoc-gen-grpc=$(command -v grpc_python_plugin)" \
    "$protos"/rewas/v1/*.proto
