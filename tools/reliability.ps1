# Tries every fault at every kind of request and writes the table of docs/reliability.md anew; two to five minutes. It needs docker-registry.
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
$program = Join-Path $top 'tests/OciSync.Core.Tests/bin/Release/net10.0/OciSync.Core.Tests.dll'
$env:OCISYNC_RELIABILITY_PAGE = Join-Path $top 'docs/reliability.md'
& dotnet $program -noColor -class OciSync.Core.Tests.Reliability.FaultMatrixTests -explicit only
exit $LASTEXITCODE
