#!/usr/bin/env bash
# cosign 2.5.0 and 3.1.1, sign --recursive, on an index of which not every manifest is in the registry: one platform was deleted (which
# docker-registry 2.8.2 takes with 202, and the index stays), or a mirror took a part of the platforms. The index itself is signed, then its manifests
# in their order; at the first that is absent cosign ends with MANIFEST_UNKNOWN and exit code 1. What stands before it is signed by then, what stands
# behind it isn't, though it is there: the order of the platforms decides which of them an admission controller lets in. No option passes over it.
# Who tries again, because of the exit code, gets one more signature of each of the first ones with 3.1.1; 2.5.0 leaves them as they are.
# Needs: apt-get (Debian 12's sources), curl, dpkg-deb, jq, ss, amd64 with glibc 2.34 or later. Nothing is installed: the packages are unpacked in a
# temporary folder. A package that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
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
apt-get download -qq docker-registry=2.8.2+ds1-1 >/dev/null 2>&1
dpkg-deb -x docker-registry_*.deb registry

cat >config.yml <<'END'
version: 0.1
log: { level: error }
storage: { delete: { enabled: true }, filesystem: { rootdirectory: data } }
http: { addr: 127.0.0.1:0 }
END
registry/usr/bin/docker-registry serve config.yml >log 2>&1 &
pid=$!
for _ in $(seq 100); do
    port=$(ss -Hltnp 2>/dev/null | sed -nE "s/.*127\.0\.0\.1:([0-9]+) .*pid=$pid,.*/\1/p" | head -1)
    [ -n "$port" ] && curl -fs "http://127.0.0.1:$port/v2/" >/dev/null && break
    sleep 0.1
done
registry=127.0.0.1:$port
export COSIGN_PASSWORD=example HOME=$work
cosign-3.1.1/usr/bin/cosign generate-key-pair --output-key-prefix key >/dev/null 2>&1

kind=application/vnd.oci.image
digest() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }
describe() { printf '{"mediaType":"%s.%s","digest":"%s","size":%s%s}' $kind "$2" "$(digest "$1")" "$(stat -c %s "$1")" "${3:-}"; }
blob() { # repository, file
    local url
    url=$(curl -fsi -X POST "http://$registry/v2/$1/blobs/uploads/" | tr -d '\r' | sed -nE 's/^Location: (.*)/\1/p')
    curl -fs -X PUT --data-binary @"$2" -H 'Content-Type: application/octet-stream' "$url&digest=$(digest "$2")"
}
manifest() { curl -fs -X PUT --data-binary @"$2" -H "Content-Type: $kind.$4" "http://$registry/v2/$1/manifests/$3"; } # repository, file, name, type
platforms='amd64 arm64 s390x'
for platform in $platforms; do
    { echo "$platform"; seq 1 200; } >layer-$platform
    printf '{"architecture":"%s","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}' $platform "$(digest layer-$platform)" >config-$platform
    printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":%s,"layers":[%s]}' $kind \
        "$(describe config-$platform config.v1+json)" "$(describe layer-$platform layer.v1.tar)" >$platform
done
printf '{"schemaVersion":2,"mediaType":"%s.index.v1+json","manifests":[%s]}' $kind "$(for platform in $platforms; do
    describe $platform manifest.v1+json ",\"platform\":{\"architecture\":\"$platform\",\"os\":\"linux\"}"; done | sed 's/}{/},{/g')" >index

sign() { # version, repository
    local options=(--recursive --key key.key --tlog-upload=false --allow-http-registry --yes)
    [ "$1" = 2.5.0 ] || options+=(--use-signing-config=false)
    "cosign-$1/usr/bin/cosign" sign "${options[@]}" "$registry/$2@$(digest index)" >answer 2>&1 && echo 'exit code 0' ||
        echo "exit code $?, $(grep -o 'MANIFEST_UNKNOWN' answer | head -1)"
}
signatures() { # repository: how many each has, as the newer cosign counts them
    for file in index $platforms; do
        cosign-3.1.1/usr/bin/cosign verify --key key.pub --insecure-ignore-tlog=true --allow-http-registry \
            "$registry/$1@$(digest $file)" 2>/dev/null >good && printf '%s %s  ' $file "$(jq length good)" || printf '%s none  ' $file
    done
    echo
}
for version in 2.5.0 3.1.1; do
    app=app-$version
    for platform in $platforms; do
        blob $app layer-$platform; blob $app config-$platform; manifest $app $platform "$(digest $platform)" manifest.v1+json
    done
    manifest $app index 1 index.v1+json
    curl -fs -X DELETE "http://$registry/v2/$app/manifests/$(digest arm64)"
    echo "cosign $version, without arm64: $(sign $version $app); signatures: $(signatures $app)"
    echo "cosign $version, once more: $(sign $version $app); signatures: $(signatures $app)"
done | sed 's/ *$//' | tee out
for version in 2.5.0 3.1.1; do
    [ $version = 2.5.0 ] && again=1 || again=2
    for when in 'without arm64' 'once more'; do
        [ "$when" = 'once more' ] && count=$again || count=1
        echo "cosign $version, $when: exit code 1, MANIFEST_UNKNOWN; signatures: index $count  amd64 $count  arm64 none  s390x none"
    done
done >wanted
cmp -s out wanted || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: a part of the manifests is signed, up to the first that is absent"
