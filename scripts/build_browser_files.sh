#!/usr/bin/env bash
# Bundles static/js and static/css into static/built, one file per page, so that a phone asks few times.
# Sources stay plain modules: pages fall back to them where static/built is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

esbuild=$(compgen -G 'node_modules/@esbuild/*/bin/esbuild' | head -n 1) || true
[ -n "$esbuild" ] || { echo "esbuild is missing: call make, which installs it" >&2; exit 1; }

whole=static/built
fresh=static/built.new.$$
trap 'rm -rf "$fresh"' EXIT
# Old phones count: what every browser of the last five years understands (iOS 15, Chromium 94, Firefox 93).
flags=(--bundle --minify --log-level=warning --target=es2021,safari15,chrome94,firefox93)

# What pages ask for, each by itself: a shared part would be one more request for every page.
for entry in $(grep -rhoE "asset\\('js/[a-z_]+\\.js'\\)" templates | cut -d "'" -f 2 | sort -u); do
    "$esbuild" "static/$entry" "${flags[@]}" --format=esm --splitting --outdir="$fresh/js" \
        --entry-names='[name]' --chunk-names='part-[name]-[hash]'
done
if [ -e static/js/sw/worker.js ]; then
    "$esbuild" static/js/sw/worker.js "${flags[@]}" --format=iife --outfile="$fresh/sw.js"
fi
"$esbuild" static/css/*.css "${flags[@]}" --outdir="$fresh/css"

# Swapped in one go: a page that is being served sees the old files or the new ones.
rm -rf "$whole.old"
if [ -e "$whole" ]; then mv "$whole" "$whole.old"; fi
mv "$fresh" "$whole"
rm -rf "$whole.old"
