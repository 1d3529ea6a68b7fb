#!/usr/bin/env bash
# crane 0.20.7 (go-containerregistry) and layers that are packed with zstd (image-spec 1.1, "+zstd"): crane export and mutate know them. crane pull, in
# its usual form, puts such a layer into the archive as it is and calls it NAME.tar.gz; crane push of that archive then makes an image that says
# gzip of zstd's bytes. Both end with exit code 0 and without a word. crane validate, which should find that, calls the new image and the right one
# invalid with the same words ("gzip: invalid header"), and with --fast both valid, so it tells nothing. The same image with gzip comes through whole.
# Who believes the media type (a client that unpacks by it, a mirror that packs only what isn't gzip yet) has an image that can't be read.
# Needs: apt-get (Debian 12's sources), curl, dpkg-deb, jq, ss, zstd, amd64 with glibc 2.34 or later. Nothing is installed: the packages are unpacked
# in a temporary folder. A package that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
set -euo pipefail
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
pid=
cleanup() { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
cd "$work"
curl -fsSLo crane.deb "$mirror/pool/main/g/go-containerregistry/crane_0.20.7+ds1-5_amd64.deb" || { echo "no crane at $mirror"; exit 1; }
echo "2d4bdb12724eda42214bb8957aecc472e561317938da3c95402a9ee30c73fa3b  crane.deb" | sha256sum -c --quiet
dpkg-deb -x crane.deb crane-0.20.7
apt-get download -qq docker-registry=2.8.2+ds1-1 >/dev/null 2>&1
dpkg-deb -x docker-registry_*.deb registry
crane() { HOME=$work crane-0.20.7/usr/bin/crane "$@" --insecure; }

printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: data } }\nhttp: { addr: 127.0.0.1:0 }\n' >config.yml
registry/usr/bin/docker-registry serve config.yml >log 2>&1 &
pid=$!
for _ in $(seq 100); do
    port=$(ss -Hltnp 2>/dev/null | sed -nE "s/.*127\.0\.0\.1:([0-9]+) .*pid=$pid,.*/\1/p" | head -1)
    [ -n "$port" ] && curl -fs "http://127.0.0.1:$port/v2/" >/dev/null && break
    sleep 0.1
done
registry=127.0.0.1:$port

kind=application/vnd.oci.image
digest() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }
describe() { printf '{"mediaType":"%s.%s","digest":"%s","size":%s}' $kind "$2" "$(digest "$1")" "$(stat -c %s "$1")"; }
push() { # repository: its config and layer, and the manifest
    local file url
    for file in config layer; do
        url=$(curl -fsi -X POST "http://$registry/v2/$1/blobs/uploads/" | tr -d '\r' | sed -nE 's/^Location: (.*)/\1/p')
        curl -fs -X PUT --data-binary @$file -H 'Content-Type: application/octet-stream' "$url&digest=$(digest $file)"
    done
    printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":%s,"layers":[%s]}' $kind \
        "$(describe config config.v1+json)" "$(describe layer "layer.v1.tar+$1")" >manifest
    curl -fs -X PUT --data-binary @manifest -H "Content-Type: $kind.manifest.v1+json" "http://$registry/v2/$1/manifests/1"
}
validate() { crane validate "$@" 2>&1 | sed -nE '1s/^(PASS|FAIL): [^:]*:[^:]*:1(: .*)?/\1\2/p'; }
bytes() { head -c 4 | od -An -tx1 | tr -d ' '; }
layer() { # repository: what its manifest says of the layer, and what the layer begins with
    local layer
    layer=$(crane manifest "$registry/$1:1" | jq -c '.layers[0]')
    echo "$(jq -r .mediaType <<<"$layer" | sed 's/.*tar.//') of $(crane blob "$registry/$1@$(jq -r .digest <<<"$layer")" | bytes)"
}
seq 1 5000 >numbers
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf layer.tar numbers
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}' "$(digest layer.tar)" >config
echo "crane $(dpkg-deb -f crane.deb Version)"
for packing in gzip zstd; do
    $packing -c layer.tar >layer
    push $packing
    from=$registry/$packing:1
    echo "$packing, as pushed: $(layer $packing); validate: $(validate --remote "$from"); --fast: $(validate --fast --remote "$from")"
    echo "  export: $(crane export "$from" - | tar -t)"
    crane mutate --label note=x "$from" -t "$registry/mutated-$packing:1" >/dev/null 2>&1
    echo "  mutate: exit code $?, $(layer mutated-$packing)"
    crane pull "$from" $packing.tar
    name=$(tar -xOf $packing.tar manifest.json | jq -r '.[0].Layers[0]')
    echo "  pull: exit code $?, NAME${name#"${name%%.*}"} of $(tar -xOf $packing.tar "$name" | bytes)"
    crane push $packing.tar "$registry/again-$packing:1" >/dev/null 2>&1
    echo "  push: exit code $?, $(layer again-$packing); validate: $(validate --remote "$registry/again-$packing:1");" \
        "--fast: $(validate --fast --remote "$registry/again-$packing:1")"
done | tee out
cat >wanted <<'END'
gzip, as pushed: gzip of 1f8b0808; validate: PASS; --fast: PASS
  export: numbers
  mutate: exit code 0, gzip of 1f8b0808
  pull: exit code 0, NAME.tar.gz of 1f8b0808
  push: exit code 0, gzip of 1f8b0808; validate: PASS; --fast: PASS
zstd, as pushed: zstd of 28b52ffd; validate: FAIL: validating layers: gzip: invalid header; --fast: PASS
  export: numbers
  mutate: exit code 0, zstd of 28b52ffd
  pull: exit code 0, NAME.tar.gz of 28b52ffd
  push: exit code 0, gzip of 28b52ffd; validate: FAIL: validating layers: gzip: invalid header; --fast: PASS
END
cmp -s out wanted || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: an image with zstd layers comes out of pull and push with layers that are called gzip, and validate can't tell it from the right one"
