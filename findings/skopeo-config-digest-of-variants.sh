#!/usr/bin/env bash
# Docker's image for a platform with a variant (arm64/v8, arm/v7: most official images of these) becomes an OCI image of another digest by skopeo
# 1.9.3 than by 1.18.0 and 1.22.0: the config is written anew, and "variant" stands behind "architecture" in the one and behind "os" in the others.
# The image's ID is the digest of its config, so the same image pulled as OCI has two IDs on Debian 12 and 13, two manifests, two signatures.
# Without a variant (amd64) all three make the same bytes, so tests on a usual machine don't see it.
# A mirror made by one version and completed by the other holds both; whoever compares by digest copies again what is there.
# Needs: apt-get, dpkg-deb, Debian's archive key, amd64. Nothing is installed: the packages and their libraries are unpacked in a temporary folder.
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
skopeo() { # folder, arguments
    local root=$1 loader; shift
    loader=$(find "$root" -name 'ld-linux-x86-64.so.2' -print -quit)
    "$loader" --library-path "$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu" "$root/usr/bin/skopeo" "$@"
}
unpack bookworm skopeo-1.9.3 skopeo=1.9.3+ds1-1+b10
unpack trixie skopeo-1.18.0 skopeo=1.18.0+ds1-1+b5
unpack forky skopeo-1.22.0 skopeo=1.22.0+ds1-1

image() { # folder, what the config says of the platform: a Docker image as skopeo's dir: has it
    mkdir "$1"
    local layer config docker=application/vnd.docker
    seq 1 700 | gzip -n >layer
    layer=$(sha256sum layer | cut -d' ' -f1)
    printf '{%s,"created":"2026-01-02T03:04:05Z","config":{"Env":["PATH=/usr/bin"],"Cmd":["/bin/sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$2" "$(gzip -dc layer | sha256sum | cut -d' ' -f1)" >config
    config=$(sha256sum config | cut -d' ' -f1)
    cat >"$1/manifest.json" <<EOF
{ "schemaVersion": 2, "mediaType": "$docker.distribution.manifest.v2+json",
  "config": { "mediaType": "$docker.container.image.v1+json", "size": $(stat -c %s config), "digest": "sha256:$config" },
  "layers": [ { "mediaType": "$docker.image.rootfs.diff.tar.gzip", "size": $(stat -c %s layer), "digest": "sha256:$layer" } ] }
EOF
    mv layer "$1/$layer"
    mv config "$1/$config"
    echo 'Directory Transport Version: 1.1' >"$1/version"
}
image amd64 '"architecture":"amd64","os":"linux"'
image arm64 '"architecture":"arm64","variant":"v8","os":"linux"'
for architecture in amd64 arm64; do
    for version in 1.9.3 1.18.0 1.22.0; do
        skopeo skopeo-$version --insecure-policy copy -q dir:$architecture oci:$architecture-$version:1
        id=$(skopeo skopeo-$version inspect --raw oci:$architecture-$version:1 | sed -E 's/.*image\.config[^}]*"sha256:([0-9a-f]{64})".*/\1/')
        config=$(sed -E 's/"created":"[^"]*",//; s/,"config.*/.../' "$architecture-$version/blobs/sha256/$id")
        echo "$architecture by $(skopeo skopeo-$version --version): ID ${id:0:12}, $config"
    done
done | tee out
ids() { sed -nE "s/^$1 by skopeo version .*: ID ([0-9a-f]{12}),.*/\1/p" out; }
[ "$(ids amd64 | wc -l) $(ids amd64 | uniq | wc -l)" = '3 1' ] && [ "$(ids arm64 | wc -l) $(ids arm64 | head -1)" != "3 $(ids arm64 | tail -1)" ] &&
    [ "$(ids arm64 | uniq -c | awk '{print $1}' | xargs)" = '1 2' ] || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: one ID for amd64, two for arm64/v8"
