# Runs in a process of its own: 'bare' does nothing; else the module is imported and the script run. Tells what it took as a line of JSON.
param([string] $Path = 'bare')

$ErrorActionPreference = 'Stop'
$import = 0
$seconds = 0
if ($Path -ne 'bare') {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1')
    $import = $clock.Elapsed.TotalSeconds
    $env:GITHUB_ACTIONS = $null
    $clock.Restart()
    $null = & $Path
    $seconds = $clock.Elapsed.TotalSeconds
}
$process = [System.Diagnostics.Process]::GetCurrentProcess()

# What it wrote into files (and pipes), page cache or disk: sockets are not among it. Linux alone says so.
$written = 0
if (Test-Path '/proc/self/io') {
    $written = [double] (@(Get-Content '/proc/self/io' | Where-Object { $_ -like 'wchar:*' })[0] -split ' ')[1] / 1MB
}
[Console]::WriteLine((@{ import = $import; seconds = $seconds; peak = $process.PeakWorkingSet64 / 1MB; written = $written } | ConvertTo-Json -Compress))
exit 0
