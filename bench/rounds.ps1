# A shell that goes on: many rounds of fresh copies, one after the other, and the most memory that the process held in each. It has to come to a rest; a
# collection that comes late may lift a single round, so that thirds are compared by their medians.
param([int] $Rounds = 24, [int] $Tags = 1000, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Rounds = 3; $Tags = 5 }

# Told by the process itself, in MB: the peak of a round (Linux begins it anew, proc(5), clear_refs), and what of it is the collector's.
function Measure-Round([string] $Source, [string] $Destination) {
    $script = @"
foreach (`$round in 1..$Rounds) {
    [System.IO.File]::WriteAllText('/proc/self/clear_refs', '5')
    `$rows = @(Sync-OciImage -Source $Source/bench/app -AllTags -Destination $Destination/x`$round)
    if (@(`$rows | Where-Object Status -ne 'Copied').Count -gt 0) { throw "`$(`$rows.Error)" }
    `$rows = `$null
    `$line = @{}
    Get-Content '/proc/self/status' | Where-Object { `$_ -match '^(VmHWM|RssAnon|RssFile|RssShmem|Threads):\s+(\d+)' } | ForEach-Object { `$line[`$Matches[1]] = [int] `$Matches[2] }
    `$line.Heap = [GC]::GetGCMemoryInfo([GCKind]::Any).TotalCommittedBytes / 1MB
    [Console]::WriteLine('round ' + (`$line | ConvertTo-Json -Compress))
}
"@
    $file = New-BenchScript $script
    $said = (Invoke-BenchProgram $BenchRunner.Command (@($BenchRunner.Arguments) + (Join-Path $BenchTop 'bench/lib/child.ps1') + $file)).Output
    foreach ($line in $said -split '\r?\n' | Where-Object { $_ -like 'round *' }) {
        $one = $line.Substring(6) | ConvertFrom-Json
        $shown = [pscustomobject] @{ peak = $one.VmHWM / 1KB; heap = $one.Heap; code = $one.RssShmem / 1KB; threads = $one.Threads }
        [Console]::WriteLine(('peak {0:0.0} MB; heap {1:0.0} MB, compiled code {2:0.0} MB, {3} threads' -f $shown.peak, $shown.heap, $shown.code, $shown.threads))
        $shown
    }
}

try {
    if (-not (Test-Path '/proc/self/clear_refs')) { throw 'Only Linux tells the peak of a round.' }
    $source = Open-TestRegistry
    Add-BenchImage $source '--repository', 'bench/app', '--tags', ((1..$Tags | ForEach-Object { "1.$_.0" }) -join ','), '--shared', '3', '--layers', '1', '--layer-size', '20000'
    $all = @(Measure-Round $source (Open-TestRegistry))
    $third = [int] [math]::Floor($Rounds / 3)
    $parts = @(0..2 | ForEach-Object { , @($all[($_ * $third)..(($_ + 1) * $third - 1)]) })
    $peaks, $codes, $heaps = @('peak', 'code', 'heap' | ForEach-Object { $what = $_; , @($parts | ForEach-Object { Get-Median @($_ | ForEach-Object $what) }) })
    $growth = $peaks[2] / $peaks[1]
    Save-Bench 'rounds' -Smoke:$Smoke -Row (New-BenchRow -Job "$Rounds rounds of $Tags fresh copies in one shell, median of their resident peaks, last third to the third before" `
            -Wanted '≤ 1.02' -Reached ('{0:0.00}' -f $growth) -Met ([math]::Round($growth, 2) -le 1.02) -Detail (
            'thirds: {0} MB; the collector''s heap {1} MB, compiled code {2} MB' -f (($peaks | ForEach-Object { '{0:0}' -f $_ }) -join ' '),
            (($heaps | ForEach-Object { '{0:0}' -f $_ }) -join ' '), (($codes | ForEach-Object { '{0:0}' -f $_ }) -join ' ')))
} finally {
    Close-Bench
}
