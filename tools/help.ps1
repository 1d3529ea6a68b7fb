# Makes en-US/OciSync.PowerShell.dll-Help.xml from docs/cmdlets; -Check fails when the committed file is not what the markdown makes.
# The markdown is in the schema of Microsoft.PowerShell.PlatyPS; the builder here needs the .NET SDK alone and gives the same bytes everywhere.
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
if ($Check) { & dotnet $program $source $target --check } else { & dotnet $program $source $target }
exit $LASTEXITCODE
