#!/usr/bin/env bash
# npm's parsers of image references read valid ones (distribution's grammar) as something else, without an error:
# - docker-parse-image 3.0.1 puts library/ into names at every registry, not at Docker Hub alone; gives a digest as a tag and writes it behind a
#   colon, which no registry takes; and answers null for a repository of four parts;
# - dockerfile-ast 0.7.1 loses the tag of NAME:TAG@DIGEST where the registry has a port: it is then a part of the name. Without the port it is right.
# @swimlane/docker-reference 2.0.1, a translation of distribution's own parser, reads the same references as docker does.
# Tools that rewrite images of Dockerfiles or of lists to a mirror's names make wrong ones by the first two.
# Needs: npm with Node 20 or later. Everything else is in a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --prefix . --cache "$work/cache" --silent --no-audit --no-fund \
    docker-parse-image@3.0.1 dockerfile-ast@0.7.1 @swimlane/docker-reference@2.0.1 >/dev/null
cat >app.mjs <<'EOF'
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const pick = async name => { try { return require(name); } catch { return await import(name); } };
const parse = await pick('docker-parse-image');
const { DockerfileParser } = await pick('dockerfile-ast');
const { parseFamiliarName } = await pick('@swimlane/docker-reference');
for (const name of ['docker-parse-image', 'dockerfile-ast', '@swimlane/docker-reference'])
    console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const digest = 'sha256:' + '0123456789abcdef'.repeat(4);
const short = text => String(text ?? '-').replaceAll(digest, 'DIGEST');
const references = ['reg.example:5000/app', `app@${digest}`, 'reg.example/a/b/c/app:1', 'org/team/group/app:1',
    `reg.example/app:1@${digest}`, `reg.example:5000/app:1@${digest}`];
for (const reference of references) {
    const image = (parse.default ?? parse)(reference);
    const from = DockerfileParser.parse(`FROM ${reference}\n`).getFROMs()[0];
    const right = parseFamiliarName(reference);
    console.log(short(reference));
    console.log('  docker-parse-image:', image ? short(image.fullname) : 'null');
    console.log('  dockerfile-ast: name', short(from.getImageName()), 'tag', short(from.getImageTag()), 'digest', short(from.getImageDigest()));
    console.log('  docker-reference: host', short(right.domain ?? right._domain), 'name', short(right.repository ?? right._repository),
        'tag', short(right.tag ?? right._tag), 'digest', short(right.digest ?? right._digest));
}
EOF
node app.mjs | tee out
for line in 'docker-parse-image: reg.example:5000/library/app:latest' 'docker-parse-image: library/app:DIGEST' 'dockerfile-ast: name app tag 1 digest DIGEST' \
    'dockerfile-ast: name app:1 tag - digest DIGEST' 'docker-reference: host reg.example:5000 name app tag 1 digest DIGEST'; do
    grep -qxF "  $line" out || { echo "CHANGED: no line '$line'"; exit 1; }
done
[ "$(grep -cx '  docker-parse-image: null' out)" = 2 ] || { echo "CHANGED: docker-parse-image reads long repositories"; exit 1; }
echo "as found: two of three parsers read valid references wrongly, and none says so"
