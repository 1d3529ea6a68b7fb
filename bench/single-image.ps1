# One image of ten layers that its destination has already: the same again, in an open shell, and into another repository of its own registry. Ours and
# skopeo's in turn; fresh copies are first-command.ps1's.
param([int] $Pairs = 5, [int] $LayerSize = 30MB, [int] $Layers = 10, [string] $Peers, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'lib/Peers.ps1') -Peers $Peers
if ($Smoke) { $Pairs = 1; $LayerSize = 100000; $Layers = 3 }

try {
    $source = (Open-DockerRegistry).address
    $there = (Open-DockerRegistry).address
    Add-BenchImage $source '--repository', 'bench/big', '--tags', '1', '--layers', "$Layers", '--layer-size', "$LayerSize"
    $image = "$source/bench/big:1"
    Assert-BenchRow @(Copy-OciImage $image "$there/x/big:1") 'Copied'

    $again = @(Measure-Pair 'again' (3 * $Pairs) {
            Measure-Here { Copy-OciImage $image "$there/x/big:1" } 'UpToDate'
        } {
            Measure-PeerSkopeo 'copy' "docker://$image", "docker://$there/x/big:1"
        })

    $mount = @(Measure-Pair 'mount' $Pairs {
            param($i)
            Measure-Here { Copy-OciImage $image "$source/ours/big${i}:1" } 'Copied'
        } {
            param($i)
            Measure-PeerSkopeo 'copy' "docker://$image", "docker://$source/theirs/big${i}:1"
        })

    $size = '{0} MB in {1} layers' -f [math]::Round($Layers * $LayerSize / 1MB), $Layers
    Save-Bench 'single-image' -Smoke:$Smoke -With (Get-PeerVersion 'skopeo') -Row @(
        New-RatioRow "$size, again, in an open shell" 0.3 $again
        New-RatioRow "$size, other repository of the same registry" 0.5 $mount
    )
} finally {
    Close-Bench
}
