#!/usr/bin/env bash
# Sets up everything on Debian 12 (packages, Vietnamese OCR data, fonts, Python environment), then runs what is asked:
#   bash tools/setup.sh demo [DIR]    the demonstration
#   bash tools/setup.sh test          all checks and tests
#   bash tools/setup.sh only          nothing more
set -euo pipefail
cd "$(dirname "$0")/.."
what="${1:-only}"

run_packages="python3-venv tesseract-ocr-vie fonts-croscore"
look_packages="libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils"
test_packages="dovecot-imapd postfix openssl postgresql chromium libatomic1"
case "$what" in
  demo|only) packages="$run_packages"; extras="ocr,handwriting" ;;
  test) packages="$run_packages $look_packages $test_packages"; extras="ocr,handwriting,console,graph,postgres,dev" ;;
  *) echo "usage: bash tools/setup.sh demo [DIR] | test | only" >&2; exit 2 ;;
esac

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "Installing packages, takes a few minutes:$missing"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$candidate"
    break
  fi
done
[ -n "$python" ] || { echo "Python 3.11 or newer is needed." >&2; exit 2; }
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "Installing the Python environment into .venv (about 600 MB), takes a few minutes the first time …"
.venv/bin/pip install --quiet --disable-pip-version-check --constraint tools/constraints.txt --editable ".[$extras]"

case "$what" in
  demo) shift; exec .venv/bin/motcua demo ${1:+--dir "$1"} ;;
  test) exec tools/check ;;
esac
