#!/usr/bin/env bash
# Installs billcore into .venv as a strict editable package, kernels compiled.
# Without build isolation: the build tools are the ones of [build-system], installed once.
set -euo pipefail
cd "$(dirname "$0")/.."
exec 9>.venv/lock
flock 9 # two makes at once take turns

requires=$(.venv/bin/python -c '
import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')
mapfile -t build_system <<<"$requires"
.venv/bin/pip install --quiet "${build_system[@]}"
.venv/bin/pip install --quiet --no-build-isolation --editable '.[adapters,build,lint,test]'
