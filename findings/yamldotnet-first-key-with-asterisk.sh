#!/usr/bin/env bash
# YamlDotNet 18.1.0: in YAML 1.2 an asterisk is an indicator where a node begins; behind a space within a plain text it is a character like others
# (section 7.3.3, ns-plain). "0 3 * * *: backup" is a mapping with one key. As the second key of a mapping it is read so. As the first key, of a
# mapping in lines, in a list or in braces, a key whose last word begins with an asterisk is none: its colon is passed over, and what should be a
# mapping is one text, "0 3 * * *: backup", without an error. Where more keys or a nested mapping follow, the whole document is refused, by their
# place and not by its own. So the order of two keys decides what a document is. Only an asterisk does it: other indicators in its place (& ! | >
# @ % [ {) are read as they should be. Schedules are written so, and globs behind a word; quotes around the key, "? " before it, or a space
# before the colon help.
# Needs: the .NET SDK 10, npm with Node 20 or later (another reader, to compare). Everything else is in a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >documents.json <<'END'
["0 3 * * *: backup\n",
 "jobs:\n  0 3 * * *: backup\n",
 "- app *old: keep\n- other\n",
 "{ app *old: keep, b: 1 }\n",
 "jobs:\n  0 3 1 * *: backup\n  30 4 * * 1: report\n",
 "jobs:\n  30 4 1 1 1: report\n  0 3 * * *: backup\n",
 "0 * 3 1 4: backup\n",
 "app &old: keep\n",
 "app [old: keep\n",
 "'0 3 * * *': backup\n",
 "? 0 3 * * *\n: backup\n"]
END
cat >app.cs <<'END'
#:package YamlDotNet@18.1.0
#:property PublishAot=false
using System.Reflection;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

var version = typeof(YamlStream).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version;
Console.WriteLine($"YamlDotNet {version}");
using var documents = JsonDocument.Parse(File.ReadAllText("documents.json"));
foreach (var text in documents.RootElement.EnumerateArray().Select(d => d.GetString()!))
{
    Console.WriteLine(Read(text));
}

static string Read(string text)
{
    try
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return Show(stream.Documents[0].RootNode);
    }
    catch (YamlException e)
    {
        return "refused: " + e.Message;
    }
}

static string Show(YamlNode node) => node switch
{
    YamlMappingNode mapping => "{" + string.Join(",", mapping.Children.Select(p => Show(p.Key) + ":" + Show(p.Value))) + "}",
    YamlSequenceNode list => "[" + string.Join(",", list.Children.Select(Show)) + "]",
    _ => '"' + node.ToString() + '"',
};
END
cat >app.mjs <<'END'
import { readFileSync } from 'node:fs';
import { parseDocument, isMap, isSeq } from 'yaml';
const show = node => isMap(node) ? '{' + node.items.map(p => show(p.key) + ':' + show(p.value)).join(',') + '}'
    : isSeq(node) ? '[' + node.items.map(show).join(',') + ']' : '"' + node.value + '"';
console.log('yaml', JSON.parse(readFileSync('node_modules/yaml/package.json')).version);
for (const text of JSON.parse(readFileSync('documents.json'))) {
    const document = parseDocument(text, { version: '1.2' });
    console.log(document.errors.length > 0 ? 'refused: ' + document.errors[0].message : show(document.contents));
}
END
npm install --prefix . --cache "$work/cache" --silent --no-audit --no-fund yaml@2.9.1 >/dev/null
node app.mjs | tee right
dotnet run app.cs | tee out
cat >wanted <<'END'
"0 3 * * *: backup"
{"jobs":"0 3 * * *: backup"}
["app *old: keep","other"]
{"app *old: keep":"","b":"1"}
refused: While scanning a multiline plain scalar, found invalid mapping.
{"jobs":{"30 4 1 1 1":"report","0 3 * * *":"backup"}}
{"0 * 3 1 4":"backup"}
{"app &old":"keep"}
{"app [old":"keep"}
{"0 3 * * *":"backup"}
{"0 3 * * *":"backup"}
END
cat >right-wanted <<'END'
{"0 3 * * *":"backup"}
{"jobs":{"0 3 * * *":"backup"}}
[{"app *old":"keep"},"other"]
{"app *old":"keep","b":"1"}
{"jobs":{"0 3 1 * *":"backup","30 4 * * 1":"report"}}
{"jobs":{"30 4 1 1 1":"report","0 3 * * *":"backup"}}
{"0 * 3 1 4":"backup"}
{"app &old":"keep"}
{"app [old":"keep"}
{"0 3 * * *":"backup"}
{"0 3 * * *":"backup"}
END
grep -q '^YamlDotNet 18.1.0' out && tail -n +2 right | cmp -s - right-wanted && tail -n +2 out | cmp -s - wanted ||
    { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: a first key whose last word begins with an asterisk makes a text of its mapping, or no document at all"
