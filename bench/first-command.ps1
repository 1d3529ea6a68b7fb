# Ours beside crane and skopeo where a scheduled task meets them: the first command of a new shell, the whole process, and an open shell. Each round gives
# every program registries of its own, in turns; crane and skopeo come from -Peers or from the PATH.
param(
    [int] $Pairs = 5, [int] $LayerSize = 30MB, [int] $Layers = 10, [int] $Tags = 200, [string] $Peers,
    [switch] $Smoke, [string] $Configuration = 'Release'
)

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'lib/Peers.ps1') -Peers $Peers
if ($Smoke) { $Pairs = 1; $LayerSize = 100000; $Layers = 3; $Tags = 5 }

$crane = Find-Peer 'crane'
$skopeo = Find-Peer 'skopeo'
if (-not $crane) { [Console]::WriteLine('There is no crane on the PATH and in -Peers: the rows beside it are left out, and nothing is kept.') }

# A first and a second run into one new registry: of a shell of its own each, of this one, of crane and of skopeo.
function Measure-Round([string] $Ours, [string[]] $Crane, [string[]] $Skopeo) {
    $bare = Measure-Shell 'bare'
    $places = @(1..4 | ForEach-Object { (Open-DockerRegistry) })
    $first, $again = @(1..2 | ForEach-Object { Measure-Shell $Ours.Replace('DESTINATION', $places[0].address) })
    $command = [scriptblock]::Create($Ours.Replace('DESTINATION', $places[1].address))
    $warm = @('Copied', 'UpToDate' | ForEach-Object { Measure-HereWithTime $command $_ })
    $theirs = @{}
    foreach ($peer in @(@{ Name = 'crane'; Path = $script:crane; Words = $Crane; Place = $places[2] }, @{ Name = 'skopeo'; Path = $script:skopeo; Words = $Skopeo; Place = $places[3] })) {
        $words = @($peer.Words | ForEach-Object { $_.Replace('DESTINATION', $peer.Place.address) })
        if ($peer.Path) { $theirs[$peer.Name] = @(1..2 | ForEach-Object { Measure-Peer $peer.Path $words }) }
    }
    Close-DockerRegistry $places
    [pscustomobject] @{ Bare = $bare; First = $first; Again = $again; Warm = $warm; Crane = $theirs['crane']; Skopeo = $theirs['skopeo'] }
}

# So many rounds of a job after one that warms this shell up.
function Measure-Job([string] $Name, [string] $Ours, [string[]] $Crane, [string[]] $Skopeo) {
    for ($i = 1; $i -le $Pairs; $i++) {
        if ($i -eq 1) {
            $server = Open-DockerRegistry
            $null = & ([scriptblock]::Create($Ours.Replace('DESTINATION', $server.address)))
            Close-DockerRegistry $server
        }
        $round = Measure-Round $Ours $Crane $Skopeo
        [Console]::WriteLine(('{0} {1}: first {2:0.00} s, whole {3:0.00} s, warm {4:0.00} s; again {5:0.00} s, {6:0.00} s, {7:0.00} s; crane {8}; skopeo {9}' -f
                $Name, $i, $round.First.Command, ($round.First.Whole - $round.Bare.Whole), $round.Warm[0].Seconds,
                $round.Again.Command, ($round.Again.Whole - $round.Bare.Whole), $round.Warm[1].Seconds,
                (Format-Second @($round.Crane.Seconds)), (Format-Second @($round.Skopeo.Seconds))))
        $round
    }
}

# A row of what ours took (a script block that gets the round) beside crane's first (0) or second (1) run.
function New-CraneRow([string] $Job, [double] $Wanted, [object[]] $Round, [int] $Run, [scriptblock] $Ours, [string] $What = 'Seconds') {
    $ratios = @($Round | ForEach-Object { (& $Ours $_) / $_.Crane[$Run].$What })
    $median = [math]::Round((Get-Median $ratios), 2)
    $medians = @(
        'ours {0:0.00} s' -f (Get-Median @($Round | ForEach-Object { & $Ours $_ }))
        'crane {0:0.00} s' -f (Get-Median @($Round | ForEach-Object { $_.Crane[$Run].$What }))
        if ($Round[0].Skopeo) { 'skopeo {0:0.00} s' -f (Get-Median @($Round | ForEach-Object { $_.Skopeo[$Run].$What })) }
    )
    $detail = '{0}; {1} rounds, ratios to crane {2}' -f ($medians -join ', '), $Round.Count, ((@($ratios | ForEach-Object { '{0:0.00}' -f $_ })) -join ' ')
    New-BenchRow -Job $Job -Wanted ('≤ {0:0.00} of crane' -f $Wanted) -Reached ('{0:0.00}' -f $median) -Met ($median -le $Wanted) -Detail $detail
}

# The same beside skopeo.
function New-SkopeoRow([string] $Job, [double] $Wanted, [object[]] $Round, [int] $Run, [scriptblock] $Ours) {
    New-RatioRow "$Job, to skopeo" $Wanted @($Round | Where-Object { $_.Skopeo } | ForEach-Object {
            $seconds = & $Ours $_
            [pscustomobject] @{ ours = $seconds; skopeo = $_.Skopeo[$Run].Seconds; ratio = $seconds / $_.Skopeo[$Run].Seconds }
        })
}

function New-SecondRow([string] $Job, [double] $Wanted, [object[]] $Round, [scriptblock] $Ours) {
    $seconds = @($Round | ForEach-Object { & $Ours $_ })
    $median = Get-Median $seconds
    New-BenchRow -Job $Job -Wanted ('≤ {0:0.00} s' -f $Wanted) -Reached ('{0:0.00} s' -f $median) -Met ($median -le $Wanted) -Detail (
        '{0} rounds: {1}{2}' -f $Round.Count, ((@($seconds | ForEach-Object { '{0:0.00}' -f $_ })) -join ' '),
        $(if ($Round[0].Crane) { '; crane {0:0.00} s' -f (Get-Median @($Round | ForEach-Object { $_.Crane[1].Seconds })) }))
}

try {
    $source = (Open-DockerRegistry).address
    Add-BenchImage $source '--repository', 'bench/big', '--tags', '1', '--layers', "$Layers", '--layer-size', "$LayerSize"
    $names = (1..$Tags | ForEach-Object { "1.$_.0" }) -join ','
    Add-BenchImage $source '--repository', 'bench/app', '--tags', $names, '--shared', '3', '--layers', '1', '--layer-size', '100000'

    $plain = '--src-tls-verify=false', '--dest-tls-verify=false'
    $one = @(Measure-Job 'one image' "Copy-OciImage $source/bench/big:1 DESTINATION/x/big:1 -ErrorAction Stop" `
            @('copy', "$source/bench/big:1", 'DESTINATION/x/big:1') `
            (@('copy') + $plain + "docker://$source/bench/big:1", 'docker://DESTINATION/x/big:1'))
    $many = @(Measure-Job 'many tags' "Sync-OciImage -Source $source/bench/app -AllTags -Destination DESTINATION/x -ErrorAction Stop" `
            @('copy', '--all-tags', "$source/bench/app", 'DESTINATION/x/app') `
            (@('sync') + $plain + '--src', 'docker', '--dest', 'docker', "$source/bench/app", 'DESTINATION/x'))

    $big = '{0} MB in {1} layers' -f [math]::Round($Layers * $LayerSize / 1MB), $Layers
    $rows = @(New-SecondRow "$big again, first command of a shell" 0.10 $one { $args[0].Again.Command })
    if ($crane) {
        $rows = @(
            New-CraneRow "$big, fresh, first command of a shell" 1.00 $one 0 { $args[0].First.Command }
            New-CraneRow "$big, fresh, whole process less the bare shell" 1.20 $one 0 { $args[0].First.Whole - $args[0].Bare.Whole }
            New-CraneRow "$big, fresh, in an open shell" 0.90 $one 0 { $args[0].Warm[0].Seconds }
            New-CraneRow "$big, fresh, processor time of a process less the bare shell's" 1.30 $one 0 { $args[0].First.Processor - $args[0].Bare.Processor } 'Processor'
            New-CraneRow "$big, fresh, processor time in an open shell" 1.00 $one 0 { $args[0].Warm[0].Processor } 'Processor'
            $rows
            New-CraneRow "$Tags tags sharing layers, fresh, first command of a shell" 0.80 $many 0 { $args[0].First.Command }
            New-CraneRow "$Tags tags sharing layers, fresh, whole process less the bare shell" 0.90 $many 0 { $args[0].First.Whole - $args[0].Bare.Whole }
            New-CraneRow "$Tags tags sharing layers, fresh, in an open shell" 0.70 $many 0 { $args[0].Warm[0].Seconds }
            New-CraneRow "$Tags tags, nothing changed, first command of a shell" 1.00 $many 1 { $args[0].Again.Command }
            New-CraneRow "$Tags tags, nothing changed, whole process less the bare shell" 1.50 $many 1 { $args[0].Again.Whole - $args[0].Bare.Whole }
            New-CraneRow "$Tags tags, nothing changed, in an open shell" 0.60 $many 1 { $args[0].Warm[1].Seconds }
        )
    }
    if ($skopeo) {
        $rows = @(
            $rows
            New-SkopeoRow "$big, fresh, in an open shell" 0.80 $one 0 { $args[0].Warm[0].Seconds }
            New-SkopeoRow "$big, fresh, whole process less the bare shell" 1.05 $one 0 { $args[0].First.Whole - $args[0].Bare.Whole }
            New-SkopeoRow "$Tags tags sharing layers, fresh, in an open shell" 0.35 $many 0 { $args[0].Warm[0].Seconds }
            New-SkopeoRow "$Tags tags sharing layers, fresh, whole process less the bare shell" 0.40 $many 0 { $args[0].First.Whole - $args[0].Bare.Whole }
            New-SkopeoRow "$Tags tags, nothing changed, in an open shell" 0.22 $many 1 { $args[0].Warm[1].Seconds }
            New-SkopeoRow "$Tags tags, nothing changed, whole process less the bare shell" 0.60 $many 1 { $args[0].Again.Whole - $args[0].Bare.Whole }
        )
    }
    Save-Bench 'first-command' -Row $rows -Smoke:($Smoke -or -not $crane) -With (Get-PeerVersion 'crane', 'skopeo')
} finally {
    Close-Bench
}
