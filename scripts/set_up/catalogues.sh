# gettext reads compiled catalogues; they are made here and stay out of the repository.

provide_catalogues() {
    local print po stamp=.local/catalogues
    any_of 'maengelmelder/translations/*/LC_MESSAGES/*.po' || return 0
    print=$(cat maengelmelder/translations/*/LC_MESSAGES/*.po | fingerprint)
    if stamped "$stamp" "$print" && all_compiled; then return; fi
    for po in maengelmelder/translations/*/LC_MESSAGES/*.po; do
        quietly "compiling $po" compile_catalogue "$po" || exit 1
    done
    printf '%s\n' "$print" >"$stamp"
}

all_compiled() {
    local po
    for po in maengelmelder/translations/*/LC_MESSAGES/*.po; do
        [ -e "${po%.po}.mo" ] || return 1
    done
}

compile_catalogue() {
    .venv/bin/pybabel compile --input-file "$1" --output-file "${1%.po}.mo.new" &&
        mv "${1%.po}.mo.new" "${1%.po}.mo"
}
