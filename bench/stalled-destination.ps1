# A 2 GB layer to three destinations of which one stalls, against the same layer to the other two alone, in turn. Writes docs/bench/stalled-destination.md.
param([int] $Pairs = 5, [long] $Size = 2GB, [string] $OutputPath = (Join-Path $PSScriptRoot '../docs/bench/stalled-destination.md'), [switch] $Smoke, [string] $Configuration = 'Release')

$ErrorActionPreference = 'Stop'
if ($Smoke) { $Pairs = 1; $Size = 10MB }
$stall = if ($Smoke) { 2 } else { 10 }
. (Join-Path $PSScriptRoot '../tests/Pester/Registries.ps1') -Configuration $Configuration

# The longest time of the two that don't stall, with what it took.
function Measure-Copy([string] $Source, [string] $Label, [string[]] $Destination, [string] $Stalled) {
    [GC]::Collect()
    $process = [System.Diagnostics.Process]::GetCurrentProcess()
    $before = $process.WorkingSet64
    $rows = @(Sync-OciImage -Source $Source -Destination (@($Destination) + $Stalled | Where-Object { $_ }) -StallTimeoutSec $stall)
    $process.Refresh()
    $failed = @($rows | Where-Object Status -ne 'Copied')
    if ($failed.Count -gt 0) { throw "$Label failed: $($failed[0].Error)" }
    $free = @($rows | Where-Object { -not $Stalled -or -not $_.Destination.StartsWith($Stalled) })
    $seconds = 0.0
    foreach ($row in $free) { if ($row.Duration.TotalSeconds -gt $seconds) { $seconds = $row.Duration.TotalSeconds } }
    [pscustomobject] @{ Seconds = $seconds; Grown = ($process.WorkingSet64 - $before) / 1MB; Reads = ($rows | ForEach-Object SourceReads | Sort-Object)[-1] }
}

function Get-Median([double[]] $Value) {
    $sorted = @($Value | Sort-Object)
    $sorted[[int] [math]::Floor($sorted.Count / 2)]
}

try {
    $source = (Open-TestRegistry "--synthetic $Size --discard-above 1048576") + '/synthetic:1'
    $null = Measure-Copy $source 'warm-up' @((Open-TestRegistry '--discard-above 1048576'))
    $lines = for ($i = 1; $i -le $Pairs; $i++) {
        $alone = Measure-Copy $source 'alone' @((Open-TestRegistry '--discard-above 1048576'), (Open-TestRegistry '--discard-above 1048576'))
        $three = Measure-Copy $source 'stalled' @((Open-TestRegistry '--discard-above 1048576'), (Open-TestRegistry '--discard-above 1048576')) `
            (Open-TestRegistry '--discard-above 1048576 --stall-after 1048576')
        [pscustomobject] @{ Alone = $alone; Three = $three; Ratio = $three.Seconds / $alone.Seconds }
        [Console]::WriteLine(('{0}: alone {1:0.00} s, beside a stalled one {2:0.00} s, ratio {3:0.00}, memory +{4:0} MB' -f
            $i, $alone.Seconds, $three.Seconds, ($three.Seconds / $alone.Seconds), $three.Grown))
    }

    $text = @(
        '# A destination that stalls'
        ''
        "One layer of $([math]::Round($Size / 1GB, 2)) GB from one embedded registry to two others, alone and beside a third that stops reading after 1 MiB; in turn, in one process."
        'The times are of the slower of the two that do not stall. The registries keep no blob, so that their disks are not measured.'
        ''
        '| pair | two alone | beside a stalled third | ratio | memory of the process |'
        '| ---: | ---: | ---: | ---: | ---: |'
        for ($i = 0; $i -lt @($lines).Count; $i++) {
            $l = @($lines)[$i]
            '| {0} | {1:0.00} s | {2:0.00} s | {3:0.00} | {4:+0;-0} MB |' -f ($i + 1), $l.Alone.Seconds, $l.Three.Seconds, $l.Ratio, $l.Three.Grown
        }
        ''
        'Median of the ratios: {0:0.00} (at most 1.3 is what is wanted). Taken on {1} processors, {2}, .NET {3}.' -f
            (Get-Median @($lines | ForEach-Object Ratio)), [Environment]::ProcessorCount, [Environment]::OSVersion.VersionString, [Environment]::Version
    )
    $text | ForEach-Object { [Console]::WriteLine($_) }
    if ($Smoke) { return }
    $null = New-Item -ItemType Directory -Force -Path ([System.IO.Path]::GetDirectoryName($OutputPath))
    Set-Content -Path $OutputPath -Value $text
} finally {
    Close-TestRegistry
}
