# The peak memory of a process over that of the same host without a command: a layer of 2 GB, and 200 tags.
param([int] $Pairs = 3, [long] $Size = 2GB, [int] $Tags = 200, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $Size = 10MB; $Tags = 3 }

function Measure-Peak([string] $Job, [double] $Bare, [scriptblock] $Command) {
    $peaks = @(1..$Pairs | ForEach-Object { (Measure-Process (& $Command)).Peak - $Bare })
    $median = Get-Median $peaks
    New-BenchRow -Job $Job -Wanted '≤ 64 MB' -Reached ('{0:0} MB' -f $median) -Met ($median -le 64) `
        -Detail ('over the bare host ({0:0} MB); {1} runs: {2}' -f $Bare, $Pairs, (($peaks | ForEach-Object { '{0:0}' -f $_ }) -join ' '))
}

try {
    $bare = Get-Median @(1..$Pairs | ForEach-Object { (Measure-Process 'bare').Peak })
    $big = Open-TestRegistry "--synthetic $Size --discard-above 1048576"
    $small = Open-TestRegistry
    Add-BenchImage $small '--repository', 'bench/app', '--tags', ((1..$Tags | ForEach-Object { "1.$_.0" }) -join ','), '--shared', '3', '--layers', '1', '--layer-size', '100000'
    Save-Bench 'memory' -Smoke:$Smoke -Row @(
        Measure-Peak 'memory: the module imported, no command run' $bare { '$null' }
        Measure-Peak "memory: a layer of $([math]::Round($Size / 1GB, 2)) GB" $bare { "Copy-OciImage $big/synthetic:1 $(Open-TestRegistry '--discard-above 1048576')/x:1 -ErrorAction Stop" }
        Measure-Peak "memory: $Tags tags" $bare { "Sync-OciImage -Source $small/bench/app -AllTags -Destination $(Open-TestRegistry)/x -ErrorAction Stop" }
    )
} finally {
    Close-Bench
}
