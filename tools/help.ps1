# Makes en-US/OciSync.PowerShell.dll-Help.xml from docs/cmdlets; -Check fails when the committed file is not what the markdown makes.
# The markdown is in the schema of Microsoft.PowerShell.PlatyPS; the builder here needs the .NET SDK alone and gives the same bytes everywhere.
# Where PlatyPS is installed -Check also has it read the pages and make MAML of them, which must mean the same.
[CmdletBinding()]
param([switch] $Check)

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
$source = Join-Path $top 'docs/cmdlets'
$target = Join-Path $top 'en-US/OciSync.PowerShell.dll-Help.xml'
$project = Join-Path $PSScriptRoot 'OciSync.HelpBuilder'
$program = Join-Path $project 'bin/Release/net10.0/OciSync.HelpBuilder.dll'

& dotnet build $project -c Release -nologo -v quiet
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
if (-not $Check) {
    & dotnet $program $source $target
    exit $LASTEXITCODE
}

& dotnet $program $source $target --check
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
if (-not (Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS)) {
    Write-Host 'Microsoft.PowerShell.PlatyPS is not installed: it was not asked.'
    exit 0
}

. (Join-Path $PSScriptRoot 'build/platyps.ps1')
$problems = @(Test-HelpByPlatyPS -Source $source -Target $target)
$problems | ForEach-Object { Write-Host $_ }
if ($problems.Count -eq 0) { Write-Host 'PlatyPS takes the pages, and its MAML means the same.' }
exit [int]($problems.Count -gt 0)
