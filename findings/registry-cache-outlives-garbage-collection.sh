#!/usr/bin/env bash
# docker-registry 2.8.2 with its usual in-memory blob cache, garbage-collected while it runs:
# a push of the same image afterwards is accepted from end to end (HEAD of the blobs 200, PUT of the manifest 201),
# and the image can't be pulled: GET and HEAD of the manifest are 404, and a blob that HEAD shows as 200 breaks off when it is read.
# A client that believes the 201 reports a copy that nobody can pull. Restarting the registry and pushing again mends it.
# Needs: apt-get (Debian 12's sources), dpkg-deb, curl, sha256sum. Installs nothing: the package is unpacked in a temporary folder.
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

cat >config.yml <<'EOF'
version: 0.1
log: { level: error }
storage:
  cache: { blobdescriptor: inmemory }
  filesystem: { rootdirectory: data }
  delete: { enabled: true }
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

digest() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }
# The status, and curl's own exit code where it is not 0 (18: the body broke off).
status() { local code=0 text; text=$(curl -s -H "Accept: application/vnd.oci.image.manifest.v1+json" -o body -w '%{http_code}' "$@") || code=$?; [ $code = 0 ] && echo "$text" || echo "$text(curl $code)"; }

push_blob() { # file
    local url
    url=$(curl -fsi -X POST "$base/blobs/uploads/" | tr -d '\r' | sed -nE 's/^Location: (.*)/\1/p')
    curl -fs -X PUT --data-binary "@$1" -H 'Content-Type: application/octet-stream' "$url&digest=$(digest "$1")"
}

push_manifest() {
    status -X PUT --data-binary @manifest -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' "$base/manifests/1"
}

head_blob() { status -I "$base/blobs/$(digest "$1")"; }

# An image of one layer of 3 KB of text.
seq 1 700 >layer
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}' "$(digest layer)" >config
describe() { printf '{"mediaType":"%s","digest":"%s","size":%s}' "$2" "$(digest "$1")" "$(stat -c %s "$1")"; }
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
    "$(describe config application/vnd.oci.image.config.v1+json)" "$(describe layer application/vnd.oci.image.layer.v1.tar)" >manifest

start
base="http://127.0.0.1:$port/v2/lib/app"
push_blob layer
push_blob config
first="$(push_manifest) $(status "$base/manifests/1") $(head_blob layer)"
removed=$(status -X DELETE "$base/manifests/$(digest manifest)")
"$program" garbage-collect -m config.yml >gc.log 2>&1

# What a client does that asks before it sends: the blobs are there, so only the manifest is sent.
head_after=$(head_blob layer)
again=$(push_manifest)
pull="$(status "$base/manifests/1") $(status -I "$base/manifests/1") $(status "$base/blobs/$(digest layer)")"

kill "$pid"; wait "$pid" 2>/dev/null || true
start
base="http://127.0.0.1:$port/v2/lib/app"
head_restarted=$(head_blob layer)
push_blob layer
push_blob config
mended="$(push_manifest) $(status "$base/manifests/1")"

"$program" --version | sed "s|.*/docker-registry|docker-registry|"
cat <<EOF
first push, pull of manifest, HEAD of layer:         $first
DELETE of the manifest, then garbage-collect -m:     $removed
HEAD of the layer (its file is gone):                $head_after
PUT of the manifest, nothing else sent:              $again
GET manifest, HEAD manifest, GET layer:              $pull
after a restart, HEAD of the layer:                  $head_restarted
blobs and manifest pushed again, pull of manifest:   $mended
EOF
[ "$first/$removed/$head_after/$again/$pull/$head_restarted/$mended" = "201 200 200/202/200/201/404 404 200(curl 18)/404/201 200" ] ||
    { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: a 201 for an image that can't be pulled"
