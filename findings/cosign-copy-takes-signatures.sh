#!/usr/bin/env bash
# cosign 3.1.1 signs by an OCI 1.1 referrer; where the registry has no referrers API (docker-registry 2.8.2) the list of referrers is an index under
# the tag sha256-HEX (distribution-spec 1.1, "Referrers Tag Schema"). cosign copy, of 2.5.0 and of 3.1.1, puts the copied image under that very tag:
# - it refuses to give a signed image a second tag in its repository, although that tag is free: "already exists. Use `-f` to overwrite";
# - with the -f that it asks for the list of referrers is replaced by the image. Exit code 0, and the image, under its first tag as well, has
#   no signature any more;
# - in another repository the signature is left behind, and the place of its list is taken by the image.
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
unpack c/cosign/cosign_2.5.0-2+b5_amd64.deb 3b6eadd27f3c4c00bfa7eab5c2397a6a15a763630c7a1d40d06ff60d24799eef cosign-2.5.0
unpack c/cosign/cosign_3.1.1-2_amd64.deb d8622ebffce1d69197288fc030ff06a4c247af5507107f85c5a878870b686b23 cosign-3.1.1
unpack o/oras/oras_1.3.3-1_amd64.deb 474f8451e880a64d7daed412baa52febd1c7d988ed778eadac00bdcbdad53af4 oras
apt-get download -qq docker-registry=2.8.2+ds1-1 >/dev/null 2>&1
dpkg-deb -x docker-registry_*.deb registry

printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: data } }\nhttp: { addr: 127.0.0.1:0 }\n' >config.yml
"$work/registry/usr/bin/docker-registry" serve config.yml >log 2>&1 &
pid=$!
for _ in $(seq 100); do
    port=$(ss -Hltnp 2>/dev/null | sed -nE "s/.*127\.0\.0\.1:([0-9]+) .*pid=$pid,.*/\1/p" | head -1)
    [ -n "$port" ] && curl -fs "http://127.0.0.1:$port/v2/" >/dev/null && break
    sleep 0.1
done
registry=127.0.0.1:$port

export COSIGN_PASSWORD=example HOME=$work
new=cosign-3.1.1/usr/bin/cosign
oras() { oras/usr/bin/oras "$@"; }
# An image whose only layer is 3 KB of text, as an OCI layout.
mkdir -p layout/blobs/sha256
describe() { # file, media type: its descriptor without the last brace; the file goes into the layout
    local hex
    hex=$(sha256sum "$1" | cut -d' ' -f1)
    cp "$1" "layout/blobs/sha256/$hex"
    printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s' "$2" "$hex" "$(stat -c %s "$1")"
}
seq 1 700 >layer
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$(sha256sum layer | cut -d' ' -f1)" >config
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s},"layers":[%s}]}' \
    "$(describe config config.v1+json)" "$(describe layer layer.v1.tar)" >manifest
printf '{"schemaVersion":2,"manifests":[%s,"annotations":{"org.opencontainers.image.ref.name":"1"}}]}' \
    "$(describe manifest manifest.v1+json)" >layout/index.json
echo '{"imageLayoutVersion":"1.0.0"}' >layout/oci-layout
hex=$(sha256sum manifest | cut -d' ' -f1)

$new generate-key-pair --output-key-prefix key >/dev/null 2>&1
verified() { # repository:tag
    $new verify --key key.pub --insecure-ignore-tlog=true --allow-http-registry "$registry/$1" >answer 2>&1 && echo signed && return
    grep -o 'no signatures found' answer | head -1
}
list() { # repository: what lies under the tag of the list of referrers
    [ "$(oras resolve --plain-http "$registry/$1:sha256-$hex")" = "sha256:$hex" ] && echo "the image" && return
    oras manifest fetch --plain-http "$registry/$1:sha256-$hex" | grep -o 'application/vnd.oci.image.index.v1+json' | head -1
}
copy() { # [-f] repository:tag repository:tag
    "cosign-$version/usr/bin/cosign" copy --allow-http-registry "${@/#app/$registry/app}" >answer 2>&1 && echo "exit code 0" && return
    grep -o 'already exists.*' answer | head -1
}
for version in 2.5.0 3.1.1; do
    app=app-$version
    oras cp --from-oci-layout layout:1 --to-plain-http "$registry/$app:1" >/dev/null
    $new sign --key key.key --use-signing-config=false --tlog-upload=false --allow-http-registry --yes "$registry/$app@sha256:$hex" >/dev/null 2>&1
    echo "cosign $version"
    echo "  signed by 3.1.1: tag 1 $(verified "$app:1"), sha256-HEX $(list "$app")"
    echo "  copy to another repository: $(copy "$app:1" "$app/copy:1"); tag 1 $(verified "$app/copy:1"), sha256-HEX $(list "$app/copy")"
    echo "  copy from tag 1 to tag 2: $(copy "$app:1" "$app:2"); tag 1 $(verified "$app:1"), sha256-HEX $(list "$app")"
    echo "  copy -f from tag 1 to tag 2: $(copy -f "$app:1" "$app:2"); tag 1 $(verified "$app:1"), tag 2 $(verified "$app:2"), sha256-HEX $(list "$app")"
done | tee out

for version in 2.5.0 3.1.1; do
    cat <<EOF
cosign $version
  signed by 3.1.1: tag 1 signed, sha256-HEX application/vnd.oci.image.index.v1+json
  copy to another repository: exit code 0; tag 1 no signatures found, sha256-HEX the image
  copy from tag 1 to tag 2: already exists. Use \`-f\` to overwrite; tag 1 signed, sha256-HEX application/vnd.oci.image.index.v1+json
  copy -f from tag 1 to tag 2: exit code 0; tag 1 no signatures found, tag 2 no signatures found, sha256-HEX the image
EOF
done >wanted
cmp -s out wanted || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: cosign copy writes over the list that cosign sign keeps its signatures in"
