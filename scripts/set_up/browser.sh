# Browser libraries come from npm by lock file and are served from static/vendor/, never from a third party.

provide_browser_libraries() {
    local print npm
    print=$(cat package-lock.json .npmrc scripts/set_up/browser.sh | fingerprint)
    if stamped node_modules/.complete "$print" && [ -e static/vendor/leaflet/leaflet.js ]; then return; fi
    npm=$(find_npm) || npm=$(own_npm) || stop \
        "npm is missing and could not be installed: install Node.js (Debian: npm) and call make again."
    quietly "installing the browser libraries" "$npm" ci --ignore-scripts --no-audit --no-fund ||
        stop "Set-up: npm could not install the browser libraries. Is its registry reachable? Call make again."
    place_leaflet
    printf '%s\n' "$print" >node_modules/.complete
}

find_npm() {
    npm --version >/dev/null 2>&1 && command -v npm
}

# Node.js from the Python index, in an environment of its own that the program never sees.
own_npm() {
    local npm=$PWD/.local/npm
    if ! "$npm/bin/npm" --version >/dev/null 2>&1; then
        rm -rf "$npm"
        quietly "fetching npm" fetch_npm "$npm" || return 1
    fi
    printf '%s\n' "$npm/bin/npm"
}

fetch_npm() {
    .venv/bin/python -m venv --without-pip "$1" &&
        .venv/bin/python -m pip --python "$1/bin/python" install --quiet --disable-pip-version-check \
            --require-hashes --only-binary :all: -r requirements-npm.txt
}

# Whole or not at all: a half-copied library would be served.
place_leaflet() {
    local whole=static/vendor/leaflet fresh=static/vendor/leaflet.new
    rm -rf "$fresh"
    mkdir -p "$fresh"
    cp -R node_modules/leaflet/dist/{leaflet.js,leaflet.css,images} node_modules/leaflet/LICENSE "$fresh"
    rm -rf "$whole"
    mv "$fresh" "$whole"
}
