#!/usr/bin/env bash
# Archives that the .NET SDK's own container support writes (dotnet publish -t:PublishContainer with ContainerArchiveOutputPath) and crane 0.20.7. The SDK
# puts the image of several platforms behind an index.json whose one descriptor says "platform":{} (image-spec 1.1 wants "architecture" and "os" in a
# platform that is given). crane push of the unpacked archive follows that descriptor and all is well. crane push --index sends index.json itself as the
# image: exit code 0, and no platform of it is found by crane, nor by oras 1.3, as both take {} for a platform and look no deeper; the same is so for the
# archive of one platform. oras cp of the same archive has the image that was meant, and can choose a platform, as it reads the config where {} says nothing.
# Who mirrors such an image has to look into an index whose descriptor has no platform. And an archive is an image of its own each time: the SDK packs
# the same application anew with the time in it, so a second publish has another digest.
# In manifests inside the archives of one platform the plus sign of media types is an escape of JSON (backslash, u002B): nothing for a reader of JSON, and
# no match for who looks for +json in the text.
# Needs: the .NET SDK 10, apt-get (Debian 12's sources), curl, dpkg-deb, jq, ss, amd64 with glibc 2.34 or later. Nothing is installed: the packages are
# unpacked in a temporary folder. A package that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
set -euo pipefail
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
pid=
cleanup() { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
cd "$work"
unpack() { # path below pool/main, sha256, folder
    curl -fsSLo "$3.deb" "$mirror/pool/main/$1" || { echo "no $1 at $mirror"; exit 1; }
    echo "$2  $3.deb" | sha256sum -c --quiet
    dpkg-deb -x "$3.deb" "$3"
}
unpack g/go-containerregistry/crane_0.20.7+ds1-5_amd64.deb 2d4bdb12724eda42214bb8957aecc472e561317938da3c95402a9ee30c73fa3b crane-0.20.7
unpack o/oras/oras_1.3.3-1_amd64.deb 474f8451e880a64d7daed412baa52febd1c7d988ed778eadac00bdcbdad53af4 oras-1.3
apt-get download -qq docker-registry=2.8.2+ds1-1 >/dev/null 2>&1
dpkg-deb -x docker-registry_*.deb registry
export HOME=$work DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
crane() { crane-0.20.7/usr/bin/crane "$@" --insecure; }
oras() { oras-1.3/usr/bin/oras "$@"; }

printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: data } }\nhttp: { addr: 127.0.0.1:0 }\n' >config.yml
registry/usr/bin/docker-registry serve config.yml >log 2>&1 &
pid=$!
for _ in $(seq 100); do
    port=$(ss -Hltnp 2>/dev/null | sed -nE "s/.*127\.0\.0\.1:([0-9]+) .*pid=$pid,.*/\1/p" | head -1)
    [ -n "$port" ] && curl -fs "http://127.0.0.1:$port/v2/" >/dev/null && break
    sleep 0.1
done
registry=127.0.0.1:$port

# A base image of two platforms, and an application.
parts=()
for arch in amd64 arm64; do
    echo $arch >arch
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf base.tar arch
    crane append --oci-empty-base -f base.tar -t "$registry/base-$arch:0" >/dev/null 2>&1
    crane mutate "$registry/base-$arch:0" --set-platform linux/$arch -t "$registry/base-$arch:1" >/dev/null 2>&1
    parts+=(-m "$registry/base-$arch:1")
done
crane index append "${parts[@]}" -t "$registry/base:10.0" >/dev/null 2>&1
mkdir app
cat >app/app.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <UseAppHost>false</UseAppHost>
    <ContainerRepository>app</ContainerRepository>
    <ContainerImageTag>1</ContainerImageTag>
  </PropertyGroup>
</Project>
END
echo 'System.Console.WriteLine("hello");' >app/Program.cs
publish() { # archive, what is published
    DOTNET_CONTAINER_INSECURE_REGISTRIES=$registry dotnet publish app -c Release -t:PublishContainer -nologo -v:quiet \
        -p:ContainerBaseImage="$registry/base:10.0" -p:ContainerArchiveOutputPath="$work/$1" "${@:2}" >publish.log 2>&1 || { cat publish.log; exit 1; }
    mkdir "${1%.tar}"
    tar -xf "$1" -C "${1%.tar}"
}
ask() { # image: what each finds of it for linux/amd64
    local by_crane by_oras
    by_crane=$(crane config --platform linux/amd64 "$1" 2>&1 | sed -nE 's/.*"architecture":"([^"]*)".*/\1/p; s/.*(no child with platform linux\/amd64).*/\1/p')
    by_oras=$(oras manifest fetch --plain-http --platform linux/amd64 "$1" 2>&1 | sed -nE 's/^\{.*/a manifest/p; s/.*(no matching manifest was found).*/\1/p')
    echo "crane: $by_crane; oras: $by_oras"
}
publish several.tar '-p:RuntimeIdentifiers="linux-x64;linux-arm64"'
publish again.tar '-p:RuntimeIdentifiers="linux-x64;linux-arm64"'
publish one.tar -r linux-x64
echo "SDK $(dotnet --version), crane $(dpkg-deb -f crane-0.20.7.deb Version), oras $(dpkg-deb -f oras-1.3.deb Version)"
for kind in several one; do
    echo "$kind: index.json says $(jq -c '.manifests[0] | [.mediaType, .platform]' $kind/index.json)"
    image=$kind/blobs/sha256/$(jq -r '.manifests[0].digest' $kind/index.json | cut -d: -f2)
    echo "  lines with +json: $(grep -c '+json' "$image" || true), with the escape: $(grep -c 'u002Bjson' "$image" || true)"
    crane push $kind "$registry/$kind:plain" >/dev/null 2>&1
    echo "  crane push: exit code $?; $(ask "$registry/$kind:plain")"
    crane push --index $kind "$registry/$kind:index" >/dev/null 2>&1
    echo "  crane push --index: exit code $?; $(ask "$registry/$kind:index")"
    oras cp --from-oci-layout --to-plain-http $kind.tar:1 "$registry/$kind:oras" >/dev/null 2>&1
    echo "  oras cp: exit code $?; $(ask "$registry/$kind:oras")"
done | tee out
[ "$(jq -r '.manifests[0].digest' several/index.json)" != "$(jq -r '.manifests[0].digest' again/index.json)" ] && echo "published again: another digest" | tee -a out
cat >wanted <<'END'
several: index.json says ["application/vnd.oci.image.index.v1+json",{}]
  lines with +json: 1, with the escape: 0
  crane push: exit code 0; crane: amd64; oras: a manifest
  crane push --index: exit code 0; crane: no child with platform linux/amd64; oras: no matching manifest was found
  oras cp: exit code 0; crane: amd64; oras: a manifest
one: index.json says ["application/vnd.oci.image.manifest.v1+json",{}]
  lines with +json: 0, with the escape: 1
  crane push: exit code 0; crane: amd64; oras: a manifest
  crane push --index: exit code 0; crane: no child with platform linux/amd64; oras: no matching manifest was found
  oras cp: exit code 0; crane: amd64; oras: a manifest
published again: another digest
END
cmp -s out wanted || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: an index.json with an empty platform, which crane push --index makes an image of that no platform is found in"
