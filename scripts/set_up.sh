#!/usr/bin/env bash
# Brings this checkout to where `run` or `test` can start. Repeatable, and quick when nothing is to do:
# every part leaves a stamp when it is whole, so an interrupted run is simply called again.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:?run or test}
log=$PWD/.local/set_up.log
mkdir -p .local

# Two calls at once would build the same directory. The lock ends with this process.
if command -v flock >/dev/null; then
    exec 9>.local/lock
    flock 9
fi

say() {
    printf '%s\n' "$*" >&2
}

stop() {
    say "$*"
    exit 1
}

# One line for people, the rest into a log that is shown when it goes wrong.
quietly() {
    local what=$1
    shift
    say "Set-up: $what …"
    if ! "$@" >"$log" 2>&1 9>&-; then
        tail -n 15 "$log" >&2
        say "Set-up: $what failed; the whole log is in $log"
        return 1
    fi
}

fingerprint() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

stamped() {
    [ -e "$1" ] && [ "$(<"$1")" = "$2" ]
}

for part in scripts/set_up/*.sh; do
    # shellcheck source=/dev/null
    . "$part"
done

provide_system_packages "$level"
provide_python_packages "$level"
provide_browser_libraries
provide_bundles
provide_catalogues
