# What pip and npm cannot bring: SpatiaLite to run, PostGIS and a browser to test.

provide_system_packages() {
    have_spatialite || install_packages libsqlite3-mod-spatialite || stop \
        "SpatiaLite is missing: install its loadable module mod_spatialite (Debian: libsqlite3-mod-spatialite," \
        "Fedora: libspatialite, Homebrew: libspatialite) and call make again."
    if [ "$1" = test ]; then
        have_postgis || install_packages postgresql-postgis postgresql || lack \
            "PostgreSQL with PostGIS is missing: the tests of the second database cannot run. Install both" \
            "(Debian: postgresql-postgis) so that initdb is in PATH or under /usr/lib/postgresql."
        have_chromium || install_packages chromium libatomic1 || lack \
            "Chromium is missing: the browser tests cannot run. Install it so that \`chromium\` is in PATH."
    fi
}

lack() {
    if [ "${CI:-}" = true ]; then stop "$*"; fi
    say "$*"
}

any_of() {
    compgen -G "$1" >/dev/null
}

have_spatialite() {
    local place
    for place in /usr/lib/*-linux-gnu* /usr/lib /usr/lib64 /usr/local/lib /opt/homebrew/lib; do
        if any_of "$place/mod_spatialite.*"; then return 0; fi
    done
    unpacked libsqlite3-mod-spatialite
}

have_postgis() {
    any_of '/usr/share/postgresql/*/extension/postgis.control' && any_of '/usr/lib/postgresql/*/bin/initdb' ||
        unpacked postgresql-postgis || command -v initdb >/dev/null
}

# Playwright's driver needs libatomic, which a bare Debian lacks.
have_chromium() {
    unpacked chromium || { command -v chromium >/dev/null &&
        { any_of '/usr/lib/*-linux-gnu*/libatomic.so.1' || ! command -v apt-get >/dev/null; }; }
}

# A mark, because files alone may come from an unpacking that was interrupted.
unpacked() {
    [ -e ".local/unpacked/$1" ]
}

# Debian and its children: as root, by sudo without a password, else unpacked into .local/. Elsewhere: fails.
install_packages() {
    local as_root
    # A shell of its own, because `set -e` sleeps wherever the caller asks whether it worked.
    as_root="$(declare -f install_as_root); install_as_root $*"
    if ! command -v apt-get >/dev/null; then
        return 1
    elif [ "$(id -u)" = 0 ]; then
        quietly "installing $*" bash -c "$as_root"
    elif may_install; then
        quietly "installing $* by sudo" sudo -n bash -c "$as_root"
    else
        quietly "unpacking $* into .local/, because installing needs root" unpack_locally "$@"
    fi
}

may_install() {
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

# Debian would start a database server on port 5432 with the package; the tests start a private one.
install_as_root() {
    set -e
    no_server=/etc/postgresql-common/createcluster.d/maengelmelder.conf
    trap 'rm -f "$no_server"' EXIT
    mkdir -p "${no_server%/*}"
    echo 'create_main_cluster = false' >"$no_server"
    export DEBIAN_FRONTEND=noninteractive
    wait=(-o DPkg::Lock::Timeout=120 -o Acquire::Retries=3)
    dpkg --configure -a # finishes what was interrupted before
    apt-get update -qq "${wait[@]}"
    apt-get install -y -qq --no-install-recommends "${wait[@]}" -o Dpkg::Options::=--force-confold "$@"
}

# apt works out what is missing here and fetches it into our own directories; nothing of the system is touched.
unpack_locally() {
    local apt=$PWD/.local/apt package
    mkdir -p "$apt/lists/partial" "$apt/archives/partial"
    local own=(-o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt" -o "Dir::Cache::Archives=$apt/archives"
        -o Debug::NoLocking=1 -o Acquire::Retries=3)
    apt-get update -qq "${own[@]}" || return 1
    apt-get install -y -qq --download-only --no-install-recommends "${own[@]}" "$@" || return 1
    for package in "$apt"/archives/*.deb; do
        case ${package##*/} in libc6_* | libc-bin_*) continue ;; esac # must match the system's loader
        dpkg-deb -x "$package" "$PWD/.local" || return 1
    done
    configure_unpacked
    mkdir -p .local/unpacked
    touch "${@/#/.local/unpacked/}"
    rm -rf "$apt"
}

# What the packages' own installation scripts would do: links, and fonts for the browser.
configure_unpacked() {
    local control
    for control in .local/usr/share/postgresql/*/extension/*-3.control; do
        if [ -e "$control" ]; then ln -sf "${control##*/}" "${control%-3.control}.control"; fi
    done
    if [ -x .local/usr/lib/chromium/chromium ]; then
        mkdir -p .local/bin
        ln -sf ../usr/lib/chromium/chromium .local/bin/chromium
    fi
    printf '<fontconfig><dir>%s</dir><dir>/usr/share/fonts</dir><cachedir>%s</cachedir></fontconfig>\n' \
        "$PWD/.local/usr/share/fonts" "$PWD/.local/fonts.cache" >.local/fonts.conf
}
