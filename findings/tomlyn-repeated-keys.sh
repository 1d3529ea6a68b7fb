#!/usr/bin/env bash
# Tomlyn 2.10.2: TOML 1.0 says that a key must not be defined twice. TomlSerializer reads such a file into a TomlTable without a word and
# keeps the last value, for a plain key and for a key in an array of tables (as registries.conf has), although the documented default of
# TomlSerializerOptions.DuplicateKeyHandling is Error; SyntaxParser.ParseStrict refuses it with line and column.
# containers/image (skopeo, podman) refuses such a registries.conf; a reader on TomlSerializer takes another one's settings for it.
# Needs: the .NET SDK 10. Everything else is in a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >app.cs <<'EOF'
#:package Tomlyn@2.10.2
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=true
using System.Reflection;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;

var documents = new (string Name, string Text)[]
{
    ("plain key", "a = 1\na = 2\n"),
    ("table", "[t]\na = 1\na = 2\n"),
    ("array of tables", "[[registry]]\nprefix = \"reg.example\"\nlocation = \"a.example\"\nlocation = \"b.example\"\n"),
};
Console.WriteLine($"Tomlyn {typeof(TomlSerializer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split((char)43)[0]}, default DuplicateKeyHandling: {new TomlSerializerOptions().DuplicateKeyHandling}");
foreach (var (name, text) in documents)
{
    Console.WriteLine($"{name}: TomlSerializer: {Try(() => Show(TomlSerializer.Deserialize<TomlTable>(text)!))}; ParseStrict: {Try(() => { SyntaxParser.ParseStrict(text); return "read"; })}");
}

static string Try(Func<string> read)
{
    try { return read(); }
    catch (TomlException e) { return "refused, " + e.Message.Trim(); }
}

static string Show(object value) => value switch
{
    TomlTable table => "{" + string.Join(", ", table.Select(pair => $"{pair.Key} = {Show(pair.Value)}")) + "}",
    TomlTableArray array => "[" + string.Join(", ", array.Select(Show)) + "]",
    _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
};
EOF
dotnet run app.cs | tee out
grep -qF 'default DuplicateKeyHandling: Error' out &&
    grep -qF 'plain key: TomlSerializer: {a = 2}; ParseStrict: refused, (2,1)' out &&
    grep -qF 'table: TomlSerializer: {t = {a = 2}}; ParseStrict: refused, (3,1)' out &&
    grep -qF 'location = b.example}]}; ParseStrict: refused, (4,1)' out ||
    { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: the last of repeated keys wins, and only ParseStrict refuses them"
