#!/usr/bin/env bash
# Proves on a bare Debian 12 what README.md promises. Makes a root with nothing but git, python3 and python3-venv, and
# runs in it, as a new user would:
#   demo    a fresh clone, `bash tools/setup.sh demo`
#   test    the same clone, `bash tools/setup.sh test`
#   wheel   another bare root without any source: the wheel alone, `motcua init`, `check`, `run --once`, `motcua demo`
#   shell   a shell in the clone's root, to look around
#
#   bash tools/bare_root.sh DIR [demo] [test] [wheel]        all three without a name
#
# DIR keeps the downloaded base (DIR/base) and the roots of the last run. Debian's mirror, the package index and the
# certificates are this machine's own: nothing is named here. Needs root and debootstrap; nothing stays mounted.
set -euo pipefail

if [ $# -lt 1 ]; then
  echo "usage: bash tools/bare_root.sh DIR [demo] [test] [wheel]" >&2
  exit 2
fi
mkdir -p "$1"
work="$(cd "$1" && pwd)"
shift
[ $# -gt 0 ] || set -- demo test wheel
source_tree="$(cd "$(dirname "$0")/.." && pwd)"

say() { printf '\n== %s\n' "$*"; }

# -- the base ----------------------------------------------------------------------------------------------------------
mirror() { # the first Debian mirror that this machine's apt uses
  local found
  found="$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+) +bookworm .*/\2/p' | head -n 1)"
  [ -n "$found" ] || found="$(cat /etc/apt/sources.list.d/*.sources | sed -nE 's/^URIs: *([^ ]*debian)\/? *$/\1/p' | head -n 1)"
  [ -n "$found" ] || { echo "No Debian mirror in /etc/apt." >&2; exit 2; }
  echo "$found"
}

make_base() {
  [ -e "$work/base.done" ] && return
  say "debootstrap"
  rm -rf "$work/base"
  debootstrap --variant=minbase --include=git,python3,python3-venv,ca-certificates bookworm "$work/base" "$(mirror)" \
    >"$work/debootstrap.log" 2>&1 || { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
  touch "$work/base.done"
}

as_here() { # ROOT: how this machine reaches its packages: mirrors, certificates, the package index
  local root="$1" place
  rm -f "$root"/etc/apt/sources.list
  cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/" 2>/dev/null ||
    echo "deb $(mirror) bookworm main" >"$root/etc/apt/sources.list"
  mkdir -p "$root/usr/local/share/ca-certificates" "$root/root/.config/pip"
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
  cp /etc/pip.conf "$root/etc/" 2>/dev/null || true
  cp "$HOME/.config/pip/pip.conf" "$root/root/.config/pip/" 2>/dev/null || true
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  cp /etc/hosts "$root/etc/hosts"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # a root without an init starts no services by itself
  chmod 755 "$root/usr/sbin/policy-rc.d"
  for place in $(local_folders); do mkdir -p "$root$place"; done
  inside "$root" update-ca-certificates >/dev/null 2>&1
}

local_folders() { # folders of this machine that its pip takes packages from
  { cat /etc/pip.conf "$HOME/.config/pip/pip.conf" 2>/dev/null; echo "x = ${PIP_FIND_LINKS:-}"; } |
    sed -nE 's/^(extra-index-url|index-url|find-links|x) *= *(.*)/\2/p' | tr ' ' '\n' |
    sed -nE 's|^(file://)?(/[^/]+/[^/]+).*|\2|p' | sort -u | while read -r each; do if [ -d "$each" ]; then echo "$each"; fi; done
}

# -- going in ----------------------------------------------------------------------------------------------------------
inside() { # ROOT COMMAND…: run with mounts and processes of its own; both are gone when it ends
  local root="$1" proxies=() name
  shift
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name:-}" ] || proxies+=("$name=${!name}")
  done
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child bash -c '
    set -e
    root="$1"; folders="$2"; shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm" 2>/dev/null || true
    for each in $folders; do mount --bind "$each" "$root$each"; done
    exec chroot "$root" "$@"
  ' into "$root" "$(local_folders | tr '\n' ' ')" \
    env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${proxies[@]}" "$@"
}

fresh() { # ROOT: a copy of the base, made anew
  rm -rf --one-file-system "$1"
  cp -a --reflink=auto "$work/base" "$1"
  as_here "$1"
}

cloned() { # ROOT: the repository as it is committed, without a working tree's leftovers
  git -C "$source_tree" bundle create -q "$1/motcua.bundle" HEAD
  inside "$1" sh -c 'git clone -q /motcua.bundle /root/motcua 2>/dev/null && rm /motcua.bundle'
}

renewed() { # ROOT: the clone brought to what is committed now
  git -C "$source_tree" bundle create -q "$1/motcua.bundle" HEAD
  inside "$1" sh -c 'cd /root/motcua && git fetch -q /motcua.bundle HEAD && git checkout -qf FETCH_HEAD && rm /motcua.bundle'
}

# -- the proofs --------------------------------------------------------------------------------------------------------
demo() {
  say "bash tools/setup.sh demo, in a fresh clone"
  fresh "$work/clone"
  cloned "$work/clone"
  inside "$work/clone" sh -c 'cd /root/motcua && bash tools/setup.sh demo && .venv/bin/motcua --home demo tickets'
}

tests() {
  if [ -d "$work/clone/root/motcua" ]; then renewed "$work/clone"; else fresh "$work/clone"; cloned "$work/clone"; fi
  say "bash tools/setup.sh test, in that clone"
  inside "$work/clone" sh -c 'cd /root/motcua && bash tools/setup.sh test'
}

wheel() {
  say "the wheel"
  fresh "$work/builder"
  cloned "$work/builder"
  inside "$work/builder" sh -ec 'python3 -m venv /root/b
    /root/b/bin/pip -q --disable-pip-version-check wheel --no-deps --wheel-dir /root/dist /root/motcua'
  fresh "$work/office"
  cp "$work"/builder/root/dist/motcua-*.whl "$work/office/root/"
  rm -rf "$work/builder"
  say "the wheel alone, without extras"
  inside "$work/office" sh -ec 'mkdir /root/empty && cd /root/empty
    python3 -m venv /opt/motcua
    /opt/motcua/bin/pip -q --disable-pip-version-check install /root/motcua-*.whl
    PATH="/opt/motcua/bin:$PATH"
    du -sh /opt/motcua
    motcua --version
    motcua init /srv/gdkh
    motcua --home /srv/gdkh check
    echo "Tôi là Lý Thị Mẩy, xã Bộc Bố, điện thoại 0912 345 678. Xin hỏi hôm nay có lịch cắt điện không?" |
      motcua --home /srv/gdkh new --channel phone_note
    motcua --home /srv/gdkh run --once || [ $? = 3 ]
    motcua --home /srv/gdkh tickets
    motcua demo --dir small'
  say "with the extras for scans"
  inside "$work/office" sh -ec 'cd /root/empty
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tesseract-ocr-vie fonts-croscore >/dev/null
    /opt/motcua/bin/pip -q --disable-pip-version-check install "$(echo /root/motcua-*.whl)[ocr,handwriting]"
    PATH="/opt/motcua/bin:$PATH"
    du -sh /opt/motcua
    motcua demo'
}

make_base
for proof in "$@"; do
  case "$proof" in
    demo) demo ;;
    test) tests ;;
    wheel) wheel ;;
    shell) inside "$work/clone" bash ;;
    *) echo "unknown proof: $proof" >&2; exit 2 ;;
  esac
done
say "done: $*"
