#!/usr/bin/env bash
# cosign 2.5.0 as Debian 13 has it: import-key-pair says of itself that it imports RSA and EC keys. It refuses every one of them (P-256, P-384,
# RSA of 2048 to 4096 bits, as PKCS#8 and in the older forms) with "unsupported public key type", and takes the one kind that its help doesn't
# name: Ed25519. The imported key signs, and its signature is good. cosign 3.1.1 takes all of them.
# A team that brings its own EC or RSA key to Debian's cosign can't; the key file has to be made by another program, or by cosign 3.
# Needs: curl, dpkg-deb, openssl, amd64 with glibc 2.34 or later. Nothing is installed: the packages are unpacked in a temporary folder.
# A package that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
set -euo pipefail
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unpack() { # file in the pool, SHA-256, folder
    curl -fsSLo package.deb "$mirror/pool/main/$1" || { echo "no package $mirror/pool/main/$1"; exit 1; }
    echo "$2  package.deb" | sha256sum -c --quiet
    dpkg-deb -x package.deb "$3"
}
unpack c/cosign/cosign_2.5.0-2+b5_amd64.deb 3b6eadd27f3c4c00bfa7eab5c2397a6a15a763630c7a1d40d06ff60d24799eef cosign-2.5.0
unpack c/cosign/cosign_3.1.1-2_amd64.deb d8622ebffce1d69197288fc030ff06a4c247af5507107f85c5a878870b686b23 cosign-3.1.1

openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec-p256.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ec-p384.pem
openssl ec -in ec-p256.pem -out ec-p256-sec1.pem 2>/dev/null
for bits in 2048 3072 4096; do openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out rsa-$bits.pem; done
openssl rsa -traditional -in rsa-2048.pem -out rsa-2048-pkcs1.pem 2>/dev/null
openssl genpkey -quiet -algorithm ED25519 -out ed25519.pem

export COSIGN_PASSWORD=example HOME=$work
import() { # version, key
    "cosign-$1/usr/bin/cosign" import-key-pair --key "$2.pem" --output-key-prefix "$1-$2" >answer 2>&1 && echo imported || tail -1 answer | sed 's/.*: //'
}
for version in 2.5.0 3.1.1; do
    echo "cosign $version: $("cosign-$version/usr/bin/cosign" import-key-pair --help 2>&1 | head -1)"
    for key in ec-p256 ec-p384 ec-p256-sec1 rsa-2048 rsa-3072 rsa-4096 rsa-2048-pkcs1 ed25519; do
        echo "  $key: $(import $version $key)"
    done
done | tee out
echo content >blob
cosign-2.5.0/usr/bin/cosign sign-blob --key 2.5.0-ed25519.key --tlog-upload=false --yes --output-signature blob.sig blob >/dev/null 2>&1
echo "signed with the imported Ed25519 key: $(cosign-2.5.0/usr/bin/cosign verify-blob --key 2.5.0-ed25519.pub \
    --insecure-ignore-tlog=true --signature blob.sig blob 2>&1 | tail -1)" | tee -a out

[ "$(sed -n 's/^  .*: //p' out | head -8 | sort | uniq -c | xargs)" = '1 imported 7 unsupported public key type' ] &&
    grep -q 'cosign 2.5.0: .*RSA or EC' out && sed -n 2,9p out | grep -q 'ed25519: imported' &&
    [ "$(sed -n 11,18p out | grep -c ': imported$')" = 8 ] && grep -q 'Ed25519 key: Verified OK' out ||
    { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: of the kinds that the command names it takes none, and the one that it doesn't name"
