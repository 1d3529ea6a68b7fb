# Mirrors many images to two places while things go wrong and runs are killed, and writes the figures into docs/reliability.md (-NoRecord leaves it as
# it is); before that, with -Long, the tests of kills and Ctrl+C with seven times their moments. With its defaults it takes about half an hour.
[CmdletBinding()]
param(
    [int] $Images = 5000,
    [int] $Repositories = 100,
    [int] $Kills = 10,
    [int] $Rounds = 4,
    [int] $Seed = 1,
    [switch] $Long,
    [switch] $NoRecord,
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$top = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
$program = Join-Path $top "tests/OciSync.Module.Tests/bin/$Configuration/net10.0/OciSync.Module.Tests.dll"
$env:OCISYNC_SEED = "$Seed"
if ($Long) {
    $env:OCISYNC_LONG_RUNS = '1'
    & dotnet $program -noColor -class OciSync.Module.Tests.LongRuns.KillTests -class OciSync.Module.Tests.LongRuns.StopSignalTests
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

$env:OCISYNC_SOAK = "$Images,$Repositories,$Kills,$Rounds"
$env:OCISYNC_RELIABILITY_PAGE = if ($NoRecord) { '' } else { Join-Path $top 'docs/reliability.md' }
& dotnet $program -noColor -class OciSync.Module.Tests.LongRuns.SoakTests -explicit only
exit $LASTEXITCODE
