# Pages load one script and one style each; they are put together here and stay out of the repository.

provide_bundles() {
    local print stamp=.local/bundles
    print=$(find package-lock.json scripts/build_browser_files.sh static/js static/css templates -type f -print0 |
        LC_ALL=C sort -z | xargs -0 cat | fingerprint)
    if stamped "$stamp" "$print" && [ -e static/built/js ]; then return; fi
    quietly "bundling scripts and styles" scripts/build_browser_files.sh ||
        stop "Set-up: the pages' scripts could not be bundled. Call make again."
    printf '%s\n' "$print" >"$stamp"
}
