#!/usr/bin/env bash
# containerd 1.6.20, 1.7.24 and 2.1.9: hosts.toml says what a host may be asked for: resolve (manifests by name), pull (content by digest), push.
# Content is asked from every host of the list, in its order, whatever the list says of them: the pull capability counts for one thing only,
# that there must be one host that has it. And a tag is asked from no host that has resolve alone. So a host with ["resolve"] is used for the
# contrary of what it says: never for the tag, and first for all content; one with ["push"] is asked for every manifest and layer of each pull.
# A staging registry that is listed for pushing carries the load of all pulls, and sees what is pulled.
# Needs: curl, dpkg-deb, python3, amd64 with glibc 2.34 or later, root (containerd wants it). Nothing is installed: packages and all data are in a
# temporary folder. A package that the mirror no longer has: MIRROR=http://snapshot.debian.org/archive/debian/20261101T000000Z
set -euo pipefail
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
server=
daemon=
cleanup() { for pid in $daemon $server; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done; rm -rf "$work"; }
trap cleanup EXIT
cd "$work"
unpack() { # version in the pool, SHA-256, folder
    curl -fsSLo package.deb "$mirror/pool/main/c/containerd/containerd_$1_amd64.deb" || { echo "no containerd $1 at $mirror"; exit 1; }
    echo "$2  package.deb" | sha256sum -c --quiet
    dpkg-deb -x package.deb "$3"
}
unpack '1.6.20~ds1-1+deb12u3' 8669d264eeb0fcdb4a0b1ba436ab88ec5dafde4a66e1278ec279d830db4c2216 1.6.20
unpack '1.7.24~ds1-6+deb13u1' ed708deb96fe476a3bce4efa5c0538dfbcf717ab9a7c7944ba7260342c25899c 1.7.24
unpack '2.1.9+ds1-5' 2dda86ce7033fd612fc50e136679d8174ccad680eb29cd4611e0d2a1b84cf591 2.1.9

# Two hosts that hold the same image; each writes down what it is asked.
cat >hosts.py <<'EOF'
import gzip, hashlib, http.server, json, threading

blobs = {}
def store(data):
    digest = 'sha256:' + hashlib.sha256(data).hexdigest()
    blobs[digest] = data
    return digest
def describe(kind, data):
    return {'mediaType': 'application/vnd.oci.image.' + kind, 'digest': store(data), 'size': len(data)}
text = b''.join(b'%d\n' % n for n in range(700))
config = {'architecture': 'amd64', 'os': 'linux', 'rootfs': {'type': 'layers', 'diff_ids': [store(text)]}}
top = describe('manifest.v1+json', json.dumps({
    'schemaVersion': 2, 'mediaType': 'application/vnd.oci.image.manifest.v1+json',
    'config': describe('config.v1+json', json.dumps(config).encode()),
    'layers': [describe('layer.v1.tar+gzip', gzip.compress(text, mtime=0))]}).encode())

class Host(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *_): pass
    def do_GET(self):
        kind, name = self.path.split('?')[0].split('/')[-2:]
        with open(self.server.name, 'a') as log:
            log.write('tag\n' if name == '1' else kind + '\n')
        digest = top['digest'] if name == '1' else name
        data = blobs.get(digest, b'')
        self.send_response(200 if digest in blobs else 404)
        self.send_header('Content-Type', top['mediaType'] if digest == top['digest'] else 'application/octet-stream')
        self.send_header('Docker-Content-Digest', digest)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        if self.command == 'GET':
            self.wfile.write(data)
    do_HEAD = do_GET
for name in 'first', 'second':
    host = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Host)
    host.name = name
    threading.Thread(target=host.serve_forever).start()
    open(name + '.port', 'w').write(str(host.server_port))
EOF
python3 hosts.py &
server=$!
for _ in $(seq 100); do [ -s first.port ] && [ -s second.port ] && break; sleep 0.1; done

asked() { [ -s "$1" ] && sort "$1" | uniq -c | awk '{printf "%s%s x %s", n++ ? ", " : "", $1, $2}' || printf nothing; }
fetch() { # version, capabilities of the first host: by a containerd of its own, which holds nothing yet
    local data=data-$1-${2//[^a-z]/}
    mkdir -p "$data/hosts/registry.example"
    cat >"$data/config.toml" <<EOF
version = 2
root = "$work/$data/root"
state = "$work/$data/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
grpc = { address = "$work/$data/socket" }
ttrpc = { address = "$work/$data/ttrpc" }
EOF
    cat >"$data/hosts/registry.example/hosts.toml" <<EOF
server = "http://127.0.0.1:$(cat second.port)"
[host."http://127.0.0.1:$(cat first.port)"]
  capabilities = [$2]
[host."http://127.0.0.1:$(cat second.port)"]
  capabilities = ["pull", "resolve"]
EOF
    PATH="$work/$1/usr/bin:$PATH" "$1/usr/bin/containerd" --config "$data/config.toml" --log-level error >"$data/log" 2>&1 &
    daemon=$!
    for _ in $(seq 100); do "$1/usr/bin/ctr" -a "$work/$data/socket" version >/dev/null 2>&1 && break; sleep 0.1; done
    : >first; : >second
    "$1/usr/bin/ctr" -a "$work/$data/socket" content fetch --hosts-dir "$data/hosts" --all-platforms registry.example/lib/app:1 >"$data/answer" 2>&1 ||
        { cat "$data/answer" "$data/log"; exit 1; }
    kill "$daemon"; wait "$daemon" 2>/dev/null || true; daemon=
    echo "containerd $1, first host [$2]: first asked for $(asked first); second, with pull and resolve: $(asked second)"
}
for version in 1.6.20 1.7.24 2.1.9; do
    for capabilities in '"pull", "resolve"' '"resolve"' '"push"'; do fetch $version "$capabilities"; done
done | tee out
wanted='first asked for 2 x blobs, 1 x manifests; second, with pull and resolve: 1 x tag'
[ "$(grep -cE '\["(resolve|push)"\]: '"$wanted"'$' out)" = 6 ] &&
    [ "$(grep -cE 'first asked for 2 x blobs, 1 x manifests, 1 x tag; second, with pull and resolve: nothing$' out)" = 3 ] ||
    { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: hosts that may not be pulled from are asked for all content, and the one that may resolve is not asked for the tag"
