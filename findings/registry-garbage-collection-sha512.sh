#!/usr/bin/env bash
# docker-registry 2.8.2 (2.8.3 too) takes an image whose manifest names its config and layers by sha512 (image-spec 1.1, "Registered algorithms"): blobs 201,
# manifest 201, pulls 200. A plain garbage-collect, with nothing deleted or untagged before, then removes all blobs of that image: it marks
# sha512:..., but its storage holds them by sha256, and what nobody marked by that name goes. The tag still answers, and nothing can be pulled.
# The same image by sha256 survives. A mirror that keeps sha512 digests must not be garbage-collected by this registry.
# Needs: apt-get (Debian 12's sources), dpkg-deb, curl, sha512sum, ss. Installs nothing: the package is unpacked in a temporary folder.
set -euo pipefail
package=docker-registry=2.8.2+ds1-1
work=$(mktemp -d)
pid=
cleanup() { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
cd "$work"
apt-get download -qq "$package" >/dev/null 2>&1
dpkg-deb -x docker-registry_*.deb root
program=$work/root/usr/bin/docker-registry

# No cache of blobs: what is answered is what lies on disk.
cat >config.yml <<'EOF'
version: 0.1
log: { level: error }
storage:
  filesystem: { rootdirectory: data }
http: { addr: 127.0.0.1:0 }
EOF

start() {
    "$program" serve config.yml >log 2>&1 &
    pid=$!
    for _ in $(seq 100); do
        port=$(ss -Hltnp 2>/dev/null | sed -nE "s/.*127\.0\.0\.1:([0-9]+) .*pid=$pid,.*/\1/p" | head -1)
        [ -n "$port" ] && curl -fs "http://127.0.0.1:$port/v2/" >/dev/null && return
        sleep 0.1
    done
    echo "docker-registry did not start"; cat log; exit 1
}

digest() { echo "$algorithm:$("${algorithm}sum" "$1" | cut -d' ' -f1)"; }
status() { curl -s -H 'Accept: application/vnd.oci.image.manifest.v1+json' -o body -w '%{http_code}' "$@"; }
base() { echo "http://127.0.0.1:$port/v2/lib/$algorithm"; }
describe() { printf '{"mediaType":"%s","digest":"%s","size":%s}' "$2" "$(digest "$1")" "$(stat -c %s "$1")"; }
pull() { echo "$(status "$(base)/manifests/1") $(status "$(base)/blobs/$(digest config)") $(status "$(base)/blobs/$(digest layer)")"; }

push() {
    local url answers=
    for blob in layer config; do
        url=$(curl -fsi -X POST "$(base)/blobs/uploads/" | tr -d '\r' | sed -nE 's/^Location: (.*)/\1/p')
        answers+="$(status -X PUT --data-binary @"$blob" -H 'Content-Type: application/octet-stream' "$url&digest=$(digest "$blob")") "
    done
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
        "$(describe config application/vnd.oci.image.config.v1+json)" "$(describe layer application/vnd.oci.image.layer.v1.tar)" >manifest
    echo "$answers$(status -X PUT --data-binary @manifest -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' "$(base)/manifests/1")"
}

start
for algorithm in sha512 sha256; do
    # Each has content of its own, so that neither keeps the other's blobs.
    { echo "$algorithm"; seq 1 700; } >layer
    printf '{"architecture":"amd64","os":"linux","author":"%s","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$algorithm" "$(sha256sum layer | cut -d' ' -f1)" >config
    echo "$algorithm: push of layer, config, manifest $(push), pull of manifest, config, layer $(pull)"
    mkdir "$algorithm" && mv layer config "$algorithm"
done | tee out
kill "$pid"; wait "$pid" 2>/dev/null || true

"$program" garbage-collect config.yml >gc.log 2>&1 && echo "garbage-collect: exit code 0, $(grep -o '.* marked, .*' gc.log)" | tee -a out
start
for algorithm in sha512 sha256; do (cd "$algorithm" && echo "$algorithm: pull of manifest, config, layer $(pull)"); done | tee -a out

"$program" --version | sed "s|.*/docker-registry|docker-registry|"
[ "$(cat out)" = 'sha512: push of layer, config, manifest 201 201 201, pull of manifest, config, layer 200 200 200
sha256: push of layer, config, manifest 201 201 201, pull of manifest, config, layer 200 200 200
garbage-collect: exit code 0, 6 blobs marked, 2 blobs and 0 manifests eligible for deletion
sha512: pull of manifest, config, layer 200 404 404
sha256: pull of manifest, config, layer 200 200 200' ] || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: garbage collection takes the blobs of a tagged image that names them by sha512"
