# How time and memory grow with the number of tags, the size of a layer, the number of destinations and the delay of the line. Each point is a process of
# its own; its time is that of the command. Pictures and a table go to docs/performance.md.
param([switch] $Smoke, [int[]] $Tags = @(100, 300, 1000, 3000, 10000), [int[]] $Megabytes = @(1, 8, 64, 512, 4096), [int[]] $Destinations = @(1, 2, 4, 8),
    [int[]] $Milliseconds = @(1, 25, 50, 100, 200), [int] $DestinationTags = 300, [string] $Only = 'tags,size,destinations,delay', [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'lib/Plot.ps1')
if ($Smoke) { $Tags = 2, 4; $Megabytes = 1, 2; $Destinations = 1, 2, 4; $DestinationTags = 2; $Milliseconds = 1, 2 }

function New-SeedOption([int] $Count) {
    '--repository', 'bench/app', '--tags', ((1..$Count | ForEach-Object { "1.$_.0" }) -join ','), '--shared', '3', '--layers', '1', '--layer-size', '20000'
}

# A point: what grows, the seconds of the command and the peak of its process over the bare shell.
function Measure-Point([double] $X, [string] $Command, [string] $WarmUp) {
    $run = Measure-Process "`$rows = @($Command); if (@(`$rows | Where-Object Status -notin 'Copied', 'UpToDate').Count -gt 0) { throw `"`$(`$rows.Error)`" }" -WarmUp $WarmUp
    [Console]::WriteLine(('{0}: {1:0.00} s, {2:0.00} s of the processor, {3:0} MB' -f $X, $run.Command, $run.CommandProcessor, ($run.Peak - $Bare)))
    [pscustomobject] @{ x = $X; seconds = [math]::Round($run.Command, 3); processor = [math]::Round($run.CommandProcessor, 3); megabytes = [math]::Max(1, [math]::Round($run.Peak - $Bare, 1)) }
}

# How the time, or our own processor time, grows between the last two points: 1 is in proportion, less is better.
function Get-Exponent([object[]] $Point, [string] $What = 'seconds') {
    $a, $b = $Point[-2], $Point[-1]
    [math]::Log($b.$What / [math]::Max(0.001, $a.$What)) / [math]::Log($b.x / $a.x)
}

function Select-PlotPoint([object[]] $Point, [string] $Property) {
    @($Point | ForEach-Object { [pscustomobject] @{ x = $_.x; y = $_.$Property } })
}

function New-Curve([string] $Name, [string] $Title, [hashtable[]] $Line) {
    [pscustomobject] @{ name = $Name; title = $Title; lines = @($Line | ForEach-Object { [pscustomobject] @{ name = $_.name; points = @($_.points) } }) }
}

# Again in a process that has compiled its methods by the same command: compiling them for good falls into runs of some seconds and not into shorter ones.
function Measure-TagCurve {
    $source = Open-TestRegistry
    $fresh, $again = @(), @()
    foreach ($count in $Tags) {
        Add-BenchImage $source (New-SeedOption $count)
        $command = "Sync-OciImage -Source $source/bench/app -AllTags -Destination $(Open-TestRegistry)/x"
        $fresh += Measure-Point $count $command
        $again += Measure-Point $count $command -WarmUp $command
    }
    New-Curve 'tags' 'tags' @{ name = 'fresh'; points = $fresh }, @{ name = 'again, after a run of the same'; points = $again }
}

function Measure-SizeCurve {
    $points = foreach ($size in $Megabytes) {
        $source = Open-TestRegistry "--synthetic $($size * 1MB) --discard-above 524288"
        Measure-Point $size "Copy-OciImage $source/synthetic:1 $(Open-TestRegistry '--discard-above 524288')/x:1"
    }
    New-Curve 'size' 'MB of one layer' @{ name = 'one layer'; points = $points }
}

# The places take what they are sent and throw it away, at little cost, and the methods are compiled by an earlier command: what grows is the work of ours.
function Measure-DestinationCurve {
    Add-Type -Path (Join-Path $PSScriptRoot 'lib/SwallowRegistry.cs')
    $source = Open-TestRegistry
    Add-BenchImage $source (New-SeedOption $DestinationTags)
    $points = foreach ($count in $Destinations) {
        $places = @(1..([math]::Max($count, 4)) | ForEach-Object { [SwallowRegistry]::new() })
        $warm, $names = @(4, $count | ForEach-Object { @($places | Select-Object -First $_ | ForEach-Object { "'$($_.Address)/x'" }) -join ',' })
        Measure-Point $count "Sync-OciImage -Source $source/bench/app -AllTags -Destination $names" "Sync-OciImage -Source $source/bench/app -AllTags -Destination $warm"
        $places | ForEach-Object { $_.Dispose() }
    }
    New-Curve 'destinations' "destinations of $DestinationTags tags" @{ name = "$DestinationTags tags"; points = $points }
}

function Measure-DelayCurve {
    $near = Open-TestRegistry
    Add-BenchImage $near (New-SeedOption ($(if ($Smoke) { 2 } else { 20 })))
    $points = foreach ($delay in $Milliseconds) {
        $source = (Start-TestServer "delay $near --milliseconds $delay").address
        $far = (Start-TestServer "delay $(Open-TestRegistry) --milliseconds $delay").address
        Measure-Point $delay "Sync-OciImage -Source $source/bench/app -AllTags -Destination $far/x"
    }
    New-Curve 'delay' 'ms of delay each way, 20 tags' @{ name = '20 tags'; points = $points }
}

function Update-CurvePage([object[]] $Curve) {
    $folder = Join-Path $BenchTop 'docs/bench'
    $lines = foreach ($one in $Curve) {
        $seconds = @($one.lines | ForEach-Object { [pscustomobject] @{ name = $_.name; points = @(Select-PlotPoint $_.points 'seconds') } })
        $memory = @($one.lines | ForEach-Object { [pscustomobject] @{ name = $_.name; points = @(Select-PlotPoint $_.points 'megabytes') } })
        Save-GrowthPlot (Join-Path $folder "growth-$($one.name).svg") $one.title $seconds $memory
        "![Time and memory over $($one.title)](bench/growth-$($one.name).svg)"
        ''
        foreach ($line in $one.lines) {
            '- {0}, {1}: {2}; the time grows with the power {3:0.00} at the end' -f $one.title, $line.name,
            ((@($line.points | ForEach-Object { '{0}: {1:0.00} s, {2:0} MB' -f $_.x, $_.seconds, $_.megabytes })) -join '; '), (Get-Exponent $line.points)
        }
        ''
    }
    $page = Join-Path $BenchTop 'docs/performance.md'
    $text = Get-Content -Raw -LiteralPath $page
    $begin = $text.IndexOf('<!-- curves -->')
    $end = $text.IndexOf('<!-- end of curves -->')
    [System.IO.File]::WriteAllText($page, $text.Substring(0, $begin) + "<!-- curves -->`n" + ($lines -join "`n") + $text.Substring($end))
}

try {
    $script:Bare = (Measure-Process 'bare').Peak
    $measures = @{ tags = 'Measure-TagCurve'; size = 'Measure-SizeCurve'; destinations = 'Measure-DestinationCurve'; delay = 'Measure-DelayCurve' }
    $names = @($Only -split ',' | ForEach-Object Trim)
    $curves = @($names | ForEach-Object { & $measures[$_] })
    $rows = foreach ($curve in $curves) {
        foreach ($line in $curve.lines) {
            # Whoever is at the other end shares the processors with us: how fast they are is not what is asked.
            $own = $curve.name -eq 'destinations'
            $exponent = Get-Exponent $line.points $(if ($own) { 'processor' } else { 'seconds' })
            New-BenchRow -Job "growth over $($curve.title), $($line.name)" -Wanted '≤ 1.10' -Reached ('{0:0.00}' -f $exponent) -Met ($exponent -le 1.1) `
                -Detail ('{0}; {1}' -f $(if ($own) { 'power of the last step of our own processor time' } else { 'power of the last step' }), ((@($line.points | ForEach-Object {
                                if ($own) { '{0}: {1:0.00} s, ours {2:0.00} s' -f $_.x, $_.seconds, $_.processor } else { '{0}: {1:0.00} s' -f $_.x, $_.seconds }
                            })) -join ', '))
        }
    }
    Save-Bench 'growth' -Smoke:($Smoke -or $names.Count -lt $measures.Count) -Row $rows
    if (-not $Smoke -and $names.Count -eq $measures.Count) { Update-CurvePage $curves }
    elseif ($Smoke) { Save-GrowthPlot (Join-Path $RegistryFolder 'growth.svg') 'tags' @([pscustomobject] @{ name = 'a'; points = @(Select-PlotPoint $curves[0].lines[0].points 'seconds') }) @([pscustomobject] @{ name = 'a'; points = @(Select-PlotPoint $curves[0].lines[0].points 'megabytes') }) }
} finally {
    Close-Bench
}
