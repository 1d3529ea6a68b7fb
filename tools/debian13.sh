#!/usr/bin/env bash
# Unpacks programs of Debian 13 into a folder of their own, for tests that need a newer skopeo than the machine's, or cosign.
#   tools/debian13.sh FOLDER PROGRAM...
# FOLDER/bin has a launcher for each. They run on Debian 13's own libraries; the system is not touched, and no rights are needed. What is there stays.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 FOLDER PROGRAM..." >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
mark="$folder/complete"
[ "$(cat "$mark" 2>/dev/null || true)" != "$*" ] || exit 0

# Debian's mirror as the machine uses it.
. /etc/os-release
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' "Codename: ${VERSION_CODENAME:-}" | sort -u | head -n 1)}
mirror=${mirror:-http://deb.debian.org/debian}

# An apt of its own: its lists, its idea of what is installed (nothing), and no other sources.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs"
: >"$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"
apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
  -o Dir::Etc::preferences=/dev/null
  -o "Dir::State::lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User= -o Acquire::Retries=3)
"${apt[@]}" update

# Of all that would be installed only the programs themselves and libraries are taken.
wanted=$("${apt[@]}" --simulate --no-install-recommends install "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -E "^(lib.*|$(IFS='|'; echo "$*"))\$")
(cd "$work/debs" && "${apt[@]}" download $wanted)
rm -rf "$folder/root" "$folder/bin"
mkdir -p "$folder/root" "$folder/bin"
for package in "$work"/debs/*.deb; do dpkg-deb --extract "$package" "$folder/root"; done
rm -rf "$folder/root/usr/share/doc" "$folder/root/usr/share/locale" "$folder/root/usr/share/man"

loader=$(find "$folder/root" -name 'ld-linux*.so.*' | head -n 1)
libraries=$(dirname "$(find "$folder/root" -name libc.so.6 | head -n 1)")
for program in "$@"; do
  printf '#!/bin/sh\nexec "%s" --argv0 "%s" --library-path "%s" "%s" "$@"\n' \
    "$loader" "$program" "$libraries" "$folder/root/usr/bin/$program" >"$folder/bin/$program"
  chmod +x "$folder/bin/$program"
  "$folder/bin/$program" --help >/dev/null
done
echo "$*" >"$mark"
