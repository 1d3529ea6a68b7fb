#!/usr/bin/env bash
# skopeo 1.18.0 with lookaside-staging, the folder that containers-registries.d(5) has for signatures until they are published: an image at a registry
# is signed again by copying it onto itself, with --sign-by. The signatures that it has are read where they are published (lookaside), and all are
# written to the staging folder. Who signs second, before the first signature was published, writes over it: signature-1 again, exit code 0, no word.
# Two signers who wait for one publication leave one signature. With one folder for both ways the second is signature-2 beside the first.
# Needs: apt-get (Debian 12's sources and archive key), dpkg-deb, gpg, curl, ss, amd64. Nothing is installed: packages are unpacked in a temporary folder.
# A version that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
set -euo pipefail
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d /tmp/findingXXXX)
pid=
cleanup() { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; gpgconf --homedir "$work/gnupg" --kill all 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
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

export GNUPGHOME=$work/gnupg
mkdir -m 700 gnupg
for signer in first second; do gpg -q --batch --passphrase '' --quick-generate-key "$signer@example.test" ed25519 sign never 2>/dev/null; done
mkdir staged together
printf 'docker:\n  %s:\n    lookaside: file://%s/together/public\n' "$registry" "$work" >together/registries.yaml
printf 'docker:\n  %s:\n    lookaside: file://%s/staged/public\n    lookaside-staging: file://%s/staged/staging\n' \
    "$registry" "$work" "$work" >staged/registries.yaml
seq 1 700 >layer
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf layer.tar layer
skopeo copy -q tarball:layer.tar dir:image

signatures() { # folder
    find "$1" -name 'signature-*' | sort | while read -r file; do
        key=$(gpg --list-packets "$file" 2>/dev/null | sed -nE 's/^:signature packet:.* keyid (.*)/\1/p')
        echo "${file##*/} by $(gpg --list-keys --with-colons "$key" | sed -nE 's/^uid:([^:]*:){8}([a-z]*)@.*/\2/p')"
    done | paste -sd, | sed 's/,/, /g'
}
skopeo --version
for way in staged together; do
    skopeo --registries.d "$way" copy -q --dest-tls-verify=false dir:image "docker://$registry/$way:1"
    for signer in first second; do
        skopeo --registries.d "$way" copy -q --sign-by "$signer@example.test" --src-tls-verify=false --dest-tls-verify=false \
            "docker://$registry/$way:1" "docker://$registry/$way:1"
        echo "$way: the $signer signs: exit code $?, there are: $(signatures "$way")"
    done
done | tee out
cat >wanted <<'EOF'
staged: the first signs: exit code 0, there are: signature-1 by first
staged: the second signs: exit code 0, there are: signature-1 by second
together: the first signs: exit code 0, there are: signature-1 by first
together: the second signs: exit code 0, there are: signature-1 by first, signature-2 by second
EOF
cmp -s out wanted || { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: a signature that is staged is written over by the next signer's"
