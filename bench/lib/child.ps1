# Runs in a process of its own: 'bare' does nothing; else the module is imported and the script run, after another one that warms up where there is one.
# Tells what it took as a line of JSON.
param([string] $Path = 'bare', [string] $Module = (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1'), [string] $WarmUp)

$ErrorActionPreference = 'Stop'
$import = 0
$seconds = 0
$processor = 0
if ($Path -ne 'bare') {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    Import-Module $Module
    $import = $clock.Elapsed.TotalSeconds
    $env:GITHUB_ACTIONS = $null
    if ($WarmUp) { $null = & $WarmUp }
    $before = [System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime.TotalSeconds
    $clock.Restart()
    $null = & $Path
    $seconds = $clock.Elapsed.TotalSeconds
    $processor = [System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime.TotalSeconds - $before
}
$process = [System.Diagnostics.Process]::GetCurrentProcess()

# What it wrote into files (and pipes), page cache or disk: sockets are not among it. Linux alone says so.
$written = 0
if (Test-Path '/proc/self/io') {
    $written = [double] (@(Get-Content '/proc/self/io' | Where-Object { $_ -like 'wchar:*' })[0] -split ' ')[1] / 1MB
}
$said = @{
    import = $import; seconds = $seconds; processor = $process.TotalProcessorTime.TotalSeconds; commandProcessor = $processor
    peak = $process.PeakWorkingSet64 / 1MB; written = $written
}
[Console]::WriteLine(($said | ConvertTo-Json -Compress))
exit 0
