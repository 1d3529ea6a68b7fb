# Tags that share layers over a link that delays each byte by 50 ms in each direction, on both sides. Ours and skopeo's in turn.
param([int] $Pairs = 2, [int] $Tags = 20, [int] $Milliseconds = 50, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $Tags = 2; $Milliseconds = 5 }

try {
    $near = (Open-DockerRegistry).address
    $source = (Start-TestServer "delay $near --milliseconds $Milliseconds").address
    $names = (1..$Tags | ForEach-Object { "1.$_.0" }) -join ','
    Add-BenchImage $near '--repository', 'bench/app', '--tags', $names, '--shared', '3', '--layers', '1', '--layer-size', '100000'

    $measured = @(Measure-Pair 'slow link' $Pairs -NoWarmUp {
            $server = Open-DockerRegistry
            $far = (Start-TestServer "delay $($server.address) --milliseconds $Milliseconds").address
            Measure-Here { Sync-OciImage -Source "$source/bench/app" -AllTags -Destination "$far/x" } 'Copied'
            Close-DockerRegistry $server
        } {
            $server = Open-DockerRegistry
            $far = (Start-TestServer "delay $($server.address) --milliseconds $Milliseconds").address
            Measure-Skopeo 'sync' '--src', 'docker', '--dest', 'docker', "$source/bench/app", "$far/x"
            Close-DockerRegistry $server
        })

    Save-Bench 'slow-link' -Smoke:$Smoke -Row (New-RatioRow "$Tags tags fresh over $Milliseconds ms each way" 0.1 $measured)
} finally {
    Close-Bench
}
