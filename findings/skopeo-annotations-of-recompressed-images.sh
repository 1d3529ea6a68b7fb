#!/usr/bin/env bash
# skopeo 1.18.0 (1.22.0 too) that compresses layers anew, as copy --all --dest-compress-format does, treats the annotations of one image in two ways:
# - a layer's own annotations are dropped without a word, whatever they say; those of index, entry, manifest and config stay;
# - on its way to zstd it marks an entry of the index with io.github.containers.compression.zstd, by which podman and skopeo choose between
#   images of one platform. On the way back to gzip the mark stays: an entry says zstd, and all its layers are gzip.
# Notes on layers (titles, where they came from) are lost in a mirror that wants zstd; whoever believes the mark counts images as zstd that are not.
# Needs: apt-get, dpkg-deb, Debian's archive key, amd64, jq. Nothing is installed: the package and its libraries are unpacked in a temporary folder.
# A version that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
set -euo pipefail
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unpack() { # suite, folder, package=version: with the libraries that it needs, and apart from the machine's
    mkdir -p "$2" "apt/$1/lists/partial" "apt/$1/archives/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" >"apt/$1/list"
    local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/apt/$1/list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/apt/$1/lists"
        -o Dir::State::status=/dev/null -o "Dir::Cache=$work/apt/$1" -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false)
    "${apt[@]}" update
    local libraries; libraries=$("${apt[@]}" -s --no-install-recommends install "$3" | awk '/^Inst lib/ {print $2}')
    # shellcheck disable=SC2086
    (cd "$2" && "${apt[@]}" download "$3" $libraries && for package in *.deb; do dpkg-deb -x "$package" .; done && rm -- *.deb)
}
unpack trixie root skopeo=1.18.0+ds1-1+b5
skopeo() { "$(find root -name 'ld-linux-x86-64.so.2' -print -quit)" --library-path root/usr/lib/x86_64-linux-gnu root/usr/bin/skopeo --insecure-policy "$@"; }

# An index with one image of one gzip layer, with an annotation at every place where the image-spec has one.
mkdir -p in/blobs/sha256
describe() { # file, media type, annotation, more properties: its descriptor; the file goes into the layout
    local hex
    hex=$(sha256sum "$1" | cut -d' ' -f1)
    cp "$1" "in/blobs/sha256/$hex"
    printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s,"annotations":{"%s"}%s}' "$2" "$hex" "$(stat -c %s "$1")" "$3" "${4:-}"
}
note='org.example.note":"of the'
seq 1 7000 | gzip -n >layer
cat >config <<EOF
{ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": ["sha256:$(gzip -dc layer | sha256sum | cut -d' ' -f1)"] } }
EOF
cat >manifest <<EOF
{ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": $(describe config config.v1+json "$note config"),
  "layers": [$(describe layer layer.v1.tar+gzip "$note layer")], "annotations": { "$note manifest" } }
EOF
cat >index <<EOF
{ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "annotations": { "$note index" },
  "manifests": [$(describe manifest manifest.v1+json "$note entry" ',"platform":{"architecture":"amd64","os":"linux"}')] }
EOF
cat >in/index.json <<EOF
{ "schemaVersion": 2, "manifests": [$(describe index index.v1+json 'org.opencontainers.image.ref.name":"1')] }
EOF
echo '{"imageLayoutVersion":"1.0.0"}' >in/oci-layout

blob() { cat "$1/blobs/sha256/${2#sha256:}"; }
show() { # layout
    local top entry manifest layer
    top=$(blob "$1" "$(jq -r '.manifests[0].digest' "$1/index.json")")
    entry=$(jq -c '.manifests[0]' <<<"$top")
    manifest=$(blob "$1" "$(jq -r .digest <<<"$entry")")
    layer=$(jq -c '.layers[0]' <<<"$manifest")
    echo "$1: mark of zstd: $(jq -r '.annotations["io.github.containers.compression.zstd"] // "none"' <<<"$entry")," \
        "layer is $(jq -r .mediaType <<<"$layer" | sed 's/.*+//') and begins with" \
        "$(blob "$1" "$(jq -r .digest <<<"$layer")" | head -c 4 | od -An -tx1 | tr -d ' ')"
    for part in "$top" "$entry" "$manifest" "$(jq -c .config <<<"$manifest")" "$layer"; do
        jq -r '.annotations["org.example.note"] // "(none)"' <<<"$part"
    done | paste -sd, | sed 's/^/  notes: /'
}
skopeo --version
skopeo copy -q --all oci:in:1 oci:copied:1
skopeo copy -q --all --dest-compress-format zstd oci:in:1 oci:zstd:1
skopeo copy -q --all --dest-compress-format gzip oci:zstd:1 oci:gzip-again:1
for layout in copied zstd gzip-again; do show $layout; done | tee out
cat >wanted <<'EOF'
copied: mark of zstd: none, layer is gzip and begins with 1f8b0800
  notes: of the index,of the entry,of the manifest,of the config,of the layer
zstd: mark of zstd: true, layer is zstd and begins with 28b52ffd
  notes: of the index,of the entry,of the manifest,of the config,(none)
gzip-again: mark of zstd: true, layer is gzip and begins with 1f8b0800
  notes: of the index,of the entry,of the manifest,of the config,(none)
EOF
cmp -s out wanted || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: a layer's notes are lost, and the mark of zstd stands on gzip"
