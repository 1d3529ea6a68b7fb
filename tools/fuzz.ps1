# Gives every parser made-up input (tools/OciSync.Fuzz) and writes the record into docs/reliability.md; -NoRecord leaves it as it is.
# Names are parts of parsers' names: ./build.sh fuzz manifest index -Minutes 1 -NoRecord
[CmdletBinding()]
param(
    [Parameter(Position = 0, ValueFromRemainingArguments = $true)]
    [string[]] $Name = @(),
    [long] $Cases = 10000000,
    [double] $Minutes = 10,
    [int] $Jobs = [Environment]::ProcessorCount,
    [switch] $NoRecord
)

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
$project = Join-Path $PSScriptRoot 'OciSync.Fuzz'
$culture = [cultureinfo]::InvariantCulture

& dotnet build $project -c Release -nologo -v quiet
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
$options = @('--cases', $Cases.ToString($culture), '--minutes', $Minutes.ToString($culture), '--jobs', $Jobs.ToString($culture))
if (-not $NoRecord) { $options += @('--record', (Join-Path $top 'docs/reliability.md')) }
& dotnet (Join-Path $project 'bin/Release/net10.0/OciSync.Fuzz.dll') @Name @options
exit $LASTEXITCODE
