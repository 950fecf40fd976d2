#!/usr/bin/env bash
# Builds AudioDiffusion with ONNX Runtime for CUDA in temporary folders, and checks that the output has the runtime's CUDA library.
# Nothing is run, so no GPU is needed.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
start=$SECONDS
if ! dotnet build "$root/services/AudioDiffusion" --configuration Release --artifacts-path "$work" -p:Accelerator=cuda \
    -p:RunAnalyzers=false --verbosity quiet -nologo >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
fi
library=$(find "$work/bin/Rewas.AudioDiffusion" -name 'libonnxruntime_providers_cuda.so' | head -1)
[ -n "$library" ] || { echo "the build has no libonnxruntime_providers_cuda.so" >&2; exit 1; }
size=$(du -sm "$work" | cut -f1)
echo "Built AudioDiffusion for CUDA in $((SECONDS - start)) s: $size MB, of which the CUDA library has $(du -m "$library" | cut -f1)."
