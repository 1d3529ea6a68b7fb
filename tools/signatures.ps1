# Signs images with every tool that is here and has the others check them, and writes the tables of docs/signatures.md anew; some two minutes. It
# needs gpg and skopeo; what lacks skopeo 1.18, cosign 2 (tools/debian13.sh) or cosign 3 is told as not here.
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
$program = Join-Path $top 'tests/OciSync.Core.Tests/bin/Release/net10.0/OciSync.Core.Tests.dll'
$env:OCISYNC_SIGNATURES_PAGE = Join-Path $top 'docs/signatures.md'
& dotnet $program -noColor -class OciSync.Core.Tests.Interop.InteropTests -explicit only
exit $LASTEXITCODE
