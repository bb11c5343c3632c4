# The virtual environment: exactly the locked packages, and the command `maengelmelder`.

provide_python_packages() {
    local level=$1 print
    print=$(environment_print)
    if [ -n "$print" ] && fits_wish; then
        if stamped .venv/complete-test "$print" || stamped ".venv/complete-$level" "$print"; then return; fi
    fi
    # Without a stamp it was interrupted, and pip cannot mend half-written packages.
    if [ -z "$print" ] || ! fits_wish || ! any_of '.venv/complete-*'; then new_environment; fi
    rm -f .venv/complete-*
    fill_environment "$level" ||
        stop "Set-up: the Python packages could not be installed. Is the package index reachable? Call make again."
    environment_print >".venv/complete-$level"
}

# Changes with the interpreter, the place of this checkout, the locks and the metadata; empty without environment.
environment_print() {
    local version
    version=$(python_version .venv/bin/python) || return 0
    {
        printf '%s\n' "$version" "$PWD"
        cat requirements*.txt pyproject.toml scripts/set_up/python.sh
        sed -n '1,/^\[tool:pytest\]/p' setup.cfg
    } | fingerprint
}

python_version() {
    "$1" -I -S -c 'import sys; print(sys.version)' 2>/dev/null
}

# Whether the environment has the interpreter that the caller asks for by PYTHON=.
fits_wish() {
    [ -z "${PYTHON:-}" ] || [ "$(python_version "$PYTHON")" = "$(python_version .venv/bin/python)" ]
}

new_environment() {
    local python package
    python=$(find_python || find_installed_python) || stop_without_python
    rm -rf .venv
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        quietly "making .venv with $python" "$python" -m venv .venv || exit 1
        return
    fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    unpacked "$package" || install_packages "$package" ||
        stop "$python lacks the module ensurepip: install it (Debian: python3-venv) and call make again."
    quietly "making .venv with $python" make_environment_of_debian "$python" || exit 1
}

# Debian keeps pip's wheel apart; without root it lies under .local/.
make_environment_of_debian() {
    if "$1" -c 'import ensurepip' 2>/dev/null; then
        "$1" -m venv .venv
        return
    fi
    local wheels=$PWD/.local/usr/share/python-wheels pip
    "$1" -m venv --without-pip .venv || return 1
    pip=$(compgen -G "$wheels/pip-*.whl") || return 1
    .venv/bin/python "$pip/pip" install --no-index --find-links "$wheels" pip
}

# The interpreter itself, not a shim that might choose another one tomorrow.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        "$candidate" -c "$tell_if_fit" 2>/dev/null && return
    done
    return 1
}

# A bare Debian has none at all.
find_installed_python() {
    [ -z "${PYTHON:-}" ] && may_install && install_packages python3 python3-venv && find_python
}

tell_if_fit='
import sys
if not (3, 11) <= sys.version_info < (3, 14):
    sys.exit(1)
print(sys._base_executable)'

stop_without_python() {
    if [ -n "${PYTHON:-}" ]; then stop "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13."; fi
    stop "Python 3.11, 3.12 or 3.13 is missing: install it (Debian: apt install python3-venv) or name it:" \
        "make run PYTHON=/path/to/python3.13"
}

fill_environment() {
    local lock=requirements.txt
    if [ "$1" = test ]; then lock=requirements-dev.txt; fi
    quietly "installing $lock into .venv" install_locked_packages "$lock"
}

install_locked_packages() {
    local pip=(.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check)
    local hashed=(--require-hashes --only-binary :all:)
    # Flask-Principal exists only as source: built with the hashed setuptools, not with whatever is newest.
    "${pip[@]}" "${hashed[@]}" -r requirements-build.txt &&
        "${pip[@]}" "${hashed[@]}" --no-binary flask-principal --no-build-isolation --use-pep517 -r "$1" &&
        "${pip[@]}" --no-deps --no-build-isolation --editable .
}
