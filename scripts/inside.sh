#!/usr/bin/env bash
# Runs a program of the virtual environment: scripts/inside.sh maengelmelder --help
# Finds libraries that set-up unpacked into .local/ because it could not install them.
set -euo pipefail
cd "$(dirname "$0")/.."

for libraries in "$PWD"/.local/{usr/,}lib/*-linux-gnu*{,/blas,/lapack,/pulseaudio}; do
    if [ -d "$libraries" ]; then
        export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    fi
done
if [ -e .local/usr/share/proj/proj.db ]; then
    export PROJ_DATA="$PWD/.local/usr/share/proj" PROJ_LIB="$PWD/.local/usr/share/proj"
fi
if [ -e .local/fonts.conf ] && [ ! -e /etc/fonts/fonts.conf ]; then
    export FONTCONFIG_FILE="$PWD/.local/fonts.conf"
fi
if [ -d .local/bin ]; then
    export PATH="$PWD/.local/bin:$PATH"
fi
program=$1
shift
exec ".venv/bin/$program" "$@"
