# Choosing from 25,000 real tags, and planning 10,000 tags to three destinations that have them; embedded registries.
param([int] $Pairs = 3, [int] $Repositories = 100, [int] $Tags = 100, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $Repositories = 2; $Tags = 5 }

try {
    $listed = Open-TestRegistry "--tags-file `"$(Join-Path $BenchTop 'tests/data/real-tags.tsv.gz')`""
    $count = @(Get-OciTag "$listed/listed/tags").Count
    $choosing = @(1..$Pairs | ForEach-Object { Measure-Here { [pscustomobject] @{ Status = "$(@(Get-OciTag "$listed/listed/tags" -Latest 5 -Per Minor).Count -gt 5)" } } 'True' })

    $many = "--many ${Repositories}:$Tags"
    $source = Open-TestRegistry $many
    $places = @(1..3 | ForEach-Object { (Open-TestRegistry $many) + '/many' })
    $sources = (0..($Repositories - 1) | ForEach-Object { "'$source/many/r$_'" }) -join ','
    $command = "`$rows = @(Sync-OciImage -Source $sources -AllTags -Destination $(($places | ForEach-Object { "'$_'" }) -join ',') -WhatIf)
        if (@(`$rows | Where-Object Status -eq 'UpToDate').Count -ne $(3 * $Repositories * $Tags)) { throw `"`$(`$rows.Count) rows`" }"
    $bare = (Measure-Process 'bare').Peak
    $runs = @(1..$Pairs | ForEach-Object {
            $run = Measure-Process $command
            [Console]::WriteLine(('planning {0}: {1:0.0} s, {2:0} MB' -f $_, $run.Command, $run.Peak))
            $run
        })
    $seconds = Get-Median @($runs | ForEach-Object Command)
    $peak = (Get-Median @($runs | ForEach-Object Peak)) - $bare
    $chosen = Get-Median $choosing

    Save-Bench 'planning' -Smoke:$Smoke -Row @(
        New-BenchRow -Job "choosing from $count tags" -Wanted '≤ 1 s' -Reached ('{0:0.00} s' -f $chosen) -Met ($chosen -le 1) `
            -Detail ("``Get-OciTag -Latest 5 -Per Minor``, the listing included; {0} runs: {1}" -f $Pairs, (($choosing | ForEach-Object { '{0:0.00}' -f $_ }) -join ' '))
        New-BenchRow -Job "planning $($Repositories * $Tags) tags to three destinations" -Wanted '≤ 20 s' -Reached ('{0:0.0} s' -f $seconds) -Met ($seconds -le 20) `
            -Detail ('{0} runs: {1}; the four embedded registries share the processors' -f $Pairs, (($runs | ForEach-Object { '{0:0.0}' -f $_.Command }) -join ' '))
        New-BenchRow -Job "planning $($Repositories * $Tags) tags to three destinations, memory" -Wanted '≤ 100 MB' -Reached ('{0:0} MB' -f $peak) -Met ($peak -le 100) `
            -Detail ('peak of the process over the bare shell ({0:0} MB)' -f $bare)
    )
} finally {
    Close-Bench
}
