#!/usr/bin/env bash
# Builds a release twice from two fresh clones and compares the bytes; checks the licences; writes the list of parts.
#   bash tools/release.sh DIR        DIR gets the wheel, the sdist, motcua.cdx.json and SHA256SUMS
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: bash tools/release.sh DIR" >&2; exit 2; }
mkdir -p "$1"
target="$(cd "$1" && pwd)"
cd "$(dirname "$0")/.."
python="$PWD/${MOTCUA_BIN:-.venv/bin}/python"
case "${MOTCUA_BIN:-}" in /*) python="$MOTCUA_BIN/python" ;; esac
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --disable-pip-version-check 'hatchling>=1.27'
umask 022
for round in one two; do
  git clone --quiet . "$work/$round-tree"
  (cd "$work/$round-tree" && "$work/tools/bin/python" -m hatchling build -d "$work/$round" >/dev/null 2>&1)
  umask 077 # the second build may not depend on the builder's own habits
done
for file in "$work"/one/*; do
  cmp "$file" "$work/two/$(basename "$file")"
done
PYTHONPATH=. "$python" tools/licences.py >/dev/null
umask 022
PYTHONPATH=. "$python" tools/sbom.py >"$work/one/motcua.cdx.json"
cp "$work"/one/* "$target/"
cd "$target"
sha256sum motcua* >SHA256SUMS
cat SHA256SUMS
