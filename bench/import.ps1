# The time of Import-Module in a fresh process.
param([int] $Pairs = 7, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 2 }

try {
    $runs = @(1..$Pairs | ForEach-Object { (Measure-Process '$null').Import * 1000 })
    $wanted = if ($BenchRunner.Name -eq 'PowerShell') { 150 } else { 250 }
    $median = Get-Median $runs
    Save-Bench 'import' -Smoke:$Smoke -Row (New-BenchRow -Job 'Import-Module OciSync' -Wanted "≤ $wanted ms" -Reached ('{0:0} ms' -f $median) -Met ($median -le $wanted) `
            -Detail ('{0} runs: {1}' -f $Pairs, (($runs | ForEach-Object { '{0:0}' -f $_ }) -join ' ')))
} finally {
    Close-Bench
}
