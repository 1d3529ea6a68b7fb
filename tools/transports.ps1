# Copies every kind of image from every transport to every other and writes the table of docs/transports.md anew; about two minutes. It needs
# docker-registry and skopeo; without dockerd its rows are told as skipped.
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
$program = Join-Path $top 'tests/OciSync.Core.Tests/bin/Release/net10.0/OciSync.Core.Tests.dll'
$env:OCISYNC_PAIRS_PAGE = Join-Path $top 'docs/transports.md'
& dotnet $program -noColor -class OciSync.Core.Tests.Pairs.PairTests -explicit only
exit $LASTEXITCODE
