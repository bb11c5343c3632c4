#!/usr/bin/env bash
# Settles every version anew from the *.in files: one lock with hashes for Python 3.11 to 3.13.
# Needs uv (https://docs.astral.sh/uv) in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

settle() {
    UV_PYTHON_DOWNLOADS=never uv pip compile "$1" -o "$2" --quiet "${@:3}" \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header
}

settle requirements-build.in requirements-build.txt "$@"
settle requirements-npm.in requirements-npm.txt "$@"
settle requirements.in requirements.txt "$@"
settle requirements-learn.in requirements-learn.txt "$@"
settle requirements-dev.in requirements-dev.txt "$@"
