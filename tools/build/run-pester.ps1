# Runs the Pester files of the project in this process and leaves a short account as JSON.
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string] $ResultPath,

    # The manifest of the Pester to use
    [string] $PesterPath = 'Pester',

    [string] $Path = (Join-Path (Split-Path -Parent (Split-Path -Parent $PSScriptRoot)) 'tests/Pester'),

    # Texts that names must contain, parted by |
    [string] $Filter = ''
)

$ErrorActionPreference = 'Stop'
Import-Module $PesterPath -MinimumVersion 5.0

function Get-Note([string] $Name, [object[]] $ErrorRecord) {
    $text = foreach ($record in $ErrorRecord) {
        "$record"
        "$($record.ScriptStackTrace)" -split '\r?\n' | Where-Object { $_ -match '\.Tests\.ps1' }
    }
    @{ Name = $Name; Text = @($text) -join "`n" }
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
if ([Console]::IsOutputRedirected) { $configuration.Output.RenderMode = 'Plaintext' }
if ($Filter) { $configuration.Filter.FullName = @($Filter -split '\|' | ForEach-Object { "*$_*" }) }
$result = Invoke-Pester -Configuration $configuration

# When a BeforeAll failed, the tests of its block count as failed and the block counts too: the error itself stands with the block.
$failed = @($result.Tests | Where-Object { $_.Result -eq 'Failed' } | ForEach-Object { Get-Note $_.ExpandedPath @($_.ErrorRecord) })
$failed += @($result.FailedBlocks | ForEach-Object { Get-Note "$($_.ExpandedPath) (BeforeAll or AfterAll)" @($_.ErrorRecord) })
$failed += @($result.FailedContainers | ForEach-Object { Get-Note "$($_.Item) (discovery)" @($_.ErrorRecord) })
$skipped = @($result.Tests | Where-Object { $_.Result -eq 'Skipped' } | ForEach-Object {
        $reason = 'marked -Skip'
        if (@($_.ErrorRecord).Count -gt 0) { $reason = "$($_.ErrorRecord[0])" -replace '^is skipped, because ', '' }
        @{ Name = $_.ExpandedPath; Text = $reason }
    })
$account = @{ Pester = "$((Get-Module Pester).Version)"; Passed = $result.PassedCount; Failed = $failed; Skipped = $skipped }
$account | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $ResultPath -Encoding utf8
if ($failed.Count -gt 0) { exit 1 }
exit 0
