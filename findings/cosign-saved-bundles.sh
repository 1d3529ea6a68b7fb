#!/usr/bin/env bash
# cosign 3.1.1 signs by a bundle, a manifest whose subject is the image. cosign save writes the image and its signatures as an OCI layout, for machines
# without a network, and cosign load pushes such a layout to a registry. Of an image with an attachment (cosign 2's signature) that works, with both
# versions. Of an image with a bundle
# - the layout's index.json names the image alone: the bundle and its manifest are among the blobs, and nothing leads to them, so that oras, and whoever
#   reads layouts by their index, finds no signature;
# - load fails where the registry checks that it has what a manifest names (docker-registry 2.8.2): the bundle's manifest is sent before its blobs.
#   The image is there by then, under its tag, and unsigned.
# Needs: apt-get (Debian 12's sources), curl, dpkg-deb, ss, amd64. Nothing is installed: the packages are unpacked in a temporary folder.
# A package that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
set -euo pipefail
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
pid=
cleanup() { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
cd "$work"
unpack() { # file in the pool, SHA-256, folder
    curl -fsSLo package.deb "$mirror/pool/main/$1" || { echo "no package $mirror/pool/main/$1"; exit 1; }
    echo "$2  package.deb" | sha256sum -c --quiet
    dpkg-deb -x package.deb "$3"
}
unpack c/cosign/cosign_2.5.0-2+b5_amd64.deb 3b6eadd27f3c4c00bfa7eab5c2397a6a15a763630c7a1d40d06ff60d24799eef two
unpack c/cosign/cosign_3.1.1-2_amd64.deb d8622ebffce1d69197288fc030ff06a4c247af5507107f85c5a878870b686b23 three
unpack o/oras/oras_1.3.3-1_amd64.deb 474f8451e880a64d7daed412baa52febd1c7d988ed778eadac00bdcbdad53af4 oras
apt-get download -qq docker-registry=2.8.2+ds1-1 >/dev/null 2>&1
dpkg-deb -x docker-registry_*.deb registry

printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: data } }\nhttp: { addr: 127.0.0.1:0 }\n' >config.yml
registry/usr/bin/docker-registry serve config.yml >log 2>&1 &
pid=$!
for _ in $(seq 100); do
    port=$(ss -Hltnp 2>/dev/null | sed -nE "s/.*127\.0\.0\.1:([0-9]+) .*pid=$pid,.*/\1/p" | head -1)
    [ -n "$port" ] && curl -fs "http://127.0.0.1:$port/v2/" >/dev/null && break
    sleep 0.1
done
registry=127.0.0.1:$port

export COSIGN_PASSWORD=example HOME=$work
oras=oras/usr/bin/oras
cosign() { # 2 or 3, arguments
    local version=$([ "$1" = 2 ] && echo two || echo three)
    shift
    "$version/usr/bin/cosign" "$@" 2>&1
}

# An image of one small layer, under two names: app1 is signed by an attachment, app2 by a bundle.
seq 1 700 >layer
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$(sha256sum layer | cut -d' ' -f1)" >config
for name in app1 app2; do
    "$oras" push --plain-http --config config:application/vnd.oci.image.config.v1+json --annotation org.opencontainers.image.created=2026-01-01T00:00:00Z \
        "$registry/$name:1" layer:application/vnd.oci.image.layer.v1.tar >/dev/null
done
digest=$("$oras" resolve --plain-http "$registry/app1:1")
cosign 3 generate-key-pair --output-key-prefix key >/dev/null
cosign 2 sign --yes --key key.key --tlog-upload=false --allow-http-registry "$registry/app1@$digest" >/dev/null
cosign 3 sign --yes --key key.key --use-signing-config=false --tlog-upload=false --allow-http-registry "$registry/app2@$digest" >/dev/null

verified() { # repository
    cosign 3 verify --key key.pub --insecure-ignore-tlog=true --allow-http-registry "$registry/$1:1" >answer && echo signed && return
    grep -o 'no signatures found' answer | head -1
}
expect() { # what, wanted, seen
    printf '%-78s %s\n' "$1" "$3"
    [ "$2" = "$3" ] || { echo "expected: $2"; failed=1; }
}
failed=0
echo "Debian's cosign 2.5.0-2+b5 and 3.1.1-2, oras 1.3.3-1, docker-registry 2.8.2+ds1-1"
expect 'app1 (attachment), in the registry it was signed in' signed "$(verified app1)"
expect 'app2 (bundle), in the registry it was signed in' signed "$(verified app2)"
for version in 2 3; do
    cosign "$version" save --dir "saved$version" --allow-http-registry "$registry/app1:1"
    expect "app1 saved by $version: kinds of the entries in index.json" 'image sigs' "$(grep -oE 'cosign/[a-z]+' "saved$version/index.json" | cut -d/ -f2 | xargs)"
    cosign "$version" load --dir "saved$version" --allow-http-registry "$registry/loaded$version:1" >/dev/null
    expect "app1 loaded by $version" signed "$(verified "loaded$version")"
done

cosign 3 save --dir saved --allow-http-registry "$registry/app2:1"
expect 'app2 saved by 3: kinds of the entries in index.json' 'image' "$(grep -oE 'cosign/[a-z]+' saved/index.json | cut -d/ -f2 | xargs)"
expect 'app2 saved by 3: blobs whose subject is the image' 1 "$(grep -lE "\"subject\":.*$digest" saved/blobs/sha256/* | wc -l)"
expect 'app2 saved by 3: referrers that oras discover finds in the layout' 0 \
    "$("$oras" discover --format json --oci-layout "saved@$digest" | grep -c '"artifactType"' || true)"
code=0
cosign 3 load --dir saved --allow-http-registry "$registry/loaded:1" >answer || code=$?
expect 'app2 loaded by 3: exit code' 1 "$code"
expect 'app2 loaded by 3: the registry says' MANIFEST_BLOB_UNKNOWN "$(grep -o MANIFEST_BLOB_UNKNOWN answer | head -1)"
expect 'app2 loaded by 3: the image is under its tag' "$digest" "$("$oras" resolve --plain-http "$registry/loaded:1")"
expect 'app2 loaded by 3' 'no signatures found' "$(verified loaded)"
exit $failed
