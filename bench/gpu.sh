#!/usr/bin/env bash
# The torch backend on an NVIDIA GPU, with PyTorch beside it. Needs this repository with its packages, a C++ compiler, a
# Python that has torch with CUDA (PYTHON names one that is not python3), and a Node 24: bench/gpu.sh [NODE]
set -euo pipefail
cd "$(dirname "$0")/.."
node=${1:-node}
"$node" nets/backend/torch/build.ts
"$node" cli/main.ts doctor --backend torch
"$node" bench/tensors.ts --nets 10x128 --sizes 19 --batch 1024 --device cuda --only pytorch,torch
"$node" bench/tensors.ts --nets 4x32,6x96 --sizes 9,19 --batch 256 --device cuda --only pytorch,torch
