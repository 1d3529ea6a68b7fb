#!/usr/bin/env bash
# SharpCompress 0.50.8: a .xz file may be several streams one after another, with padding of null bytes in multiples of four between and
# after them (the xz file format 1.1, sections 2 and 2.2); pxz and `cat a.xz b.xz` make such files, and xz reads them as one.
# XZStream ends after the first stream without a word: the rest of an archive is missing, and nothing says so.
# Docker and OCI archives packed by pxz are cut in this way. A reader has to look for the next stream itself.
# Needs: the .NET SDK 10, xz-utils. Everything else is in a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
seq 1 2000 >one
seq 2001 4000 >two
xz -0 -k one two
head -c 8 /dev/zero >padding
cat one.xz >single.xz
cat one.xz padding >padded.xz
cat one.xz two.xz >double.xz
cat one.xz padding two.xz >parted.xz
cat >app.cs <<'EOF'
#:package SharpCompress@0.50.8
#:property PublishAot=false
using System.Reflection;
using SharpCompress.Compressors.Xz;

Console.WriteLine("SharpCompress " + typeof(XZStream).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]);
foreach (var name in args)
{
    using var file = File.OpenRead(name);
    using var stream = new XZStream(file);
    using var content = new MemoryStream();
    stream.CopyTo(content);
    Console.WriteLine($"{name}: {content.Length} bytes read, {file.Length - file.Position} bytes of the file left");
}
EOF
xz --version | head -1
for name in single padded double parted; do echo "$name.xz: xz reads $(xz -dc $name.xz | wc -c) bytes"; done | tee out
dotnet run app.cs -- single.xz padded.xz double.xz parted.xz | tee -a out
wanted='single.xz: xz reads 8893 bytes
padded.xz: xz reads 8893 bytes
double.xz: xz reads 18893 bytes
parted.xz: xz reads 18893 bytes
SharpCompress 0.50.8
single.xz: 8893 bytes read, 0 bytes of the file left
padded.xz: 8893 bytes read, 8 bytes of the file left'
[ "$(head -7 out)" = "$wanted" ] && grep -qE '^double.xz: 8893 bytes read, 1[0-9]+ bytes' out && grep -qE '^parted.xz: 8893 bytes read, 1[0-9]+ bytes' out ||
    { echo "CHANGED: the behaviour is not what this finding says"; exit 1; }
echo "as found: XZStream ends after the first stream"
