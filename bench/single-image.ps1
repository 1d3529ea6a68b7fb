# One image of ten layers: fresh, again, and into another repository of the same registry. Ours and skopeo's in turn, each into a registry of its own.
param([int] $Pairs = 5, [int] $LayerSize = 30MB, [int] $Layers = 10, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $LayerSize = 100000; $Layers = 3 }

try {
    $source = (Open-DockerRegistry).address
    Add-BenchImage $source '--repository', 'bench/big', '--tags', '1', '--layers', "$Layers", '--layer-size', "$LayerSize"
    $image = "$source/bench/big:1"
    $again = [System.Collections.Generic.List[object]]::new()
    $mount = [System.Collections.Generic.List[object]]::new()

    $fresh = @(Measure-Pair 'fresh' $Pairs {
            $server = Open-DockerRegistry
            Measure-Here { Copy-OciImage $image "$($server.address)/x/big:1" } 'Copied'
            $script:Here = @(1..3 | ForEach-Object { Measure-Here { Copy-OciImage $image "$($server.address)/x/big:1" } 'UpToDate' })
            Close-DockerRegistry $server
        } {
            param($i)
            $server = Open-DockerRegistry
            Measure-Skopeo 'copy' "docker://$image", "docker://$($server.address)/x/big:1"
            $there = @(1..3 | ForEach-Object { Measure-Skopeo 'copy' "docker://$image", "docker://$($server.address)/x/big:1" })
            if ($i -gt 0) { foreach ($n in 0..2) { $again.Add([pscustomobject] @{ ours = $Here[$n]; skopeo = $there[$n]; ratio = $Here[$n] / $there[$n] }) } }
            Close-DockerRegistry $server
        })

    $mount = @(Measure-Pair 'mount' $Pairs {
            param($i)
            Measure-Here { Copy-OciImage $image "$source/ours/big${i}:1" } 'Copied'
        } {
            param($i)
            Measure-Skopeo 'copy' "docker://$image", "docker://$source/theirs/big${i}:1"
        })

    $whole = @(Measure-Pair 'whole process' $Pairs {
            $server = Open-DockerRegistry
            (Measure-Process "Copy-OciImage $image $($server.address)/x/big:1 -ErrorAction Stop").Whole - (Measure-BareHost)
            Close-DockerRegistry $server
        } {
            $server = Open-DockerRegistry
            Measure-Skopeo 'copy' "docker://$image", "docker://$($server.address)/x/big:1"
            Close-DockerRegistry $server
        })

    $size = '{0} MB in {1} layers' -f [math]::Round($Layers * $LayerSize / 1MB), $Layers
    Save-Bench 'single-image' -Smoke:$Smoke -Row @(
        New-RatioRow "$size, fresh" 0.80 $fresh
        New-RatioRow "$size, fresh, whole process less the bare host" 1.05 $whole
        New-RatioRow "$size, again" 0.3 $again
        New-RatioRow "$size, other repository of the same registry" 0.5 $mount
    )
} finally {
    Close-Bench
}
