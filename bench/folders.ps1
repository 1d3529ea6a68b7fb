# One image of ten layers into an OCI layout and a Docker archive, and from there into a registry. Ours and skopeo's in turn. Generated layers don't get
# smaller when they are packed; real-files.ps1 packs real ones.
param([int] $Pairs = 5, [int] $LayerSize = 30MB, [int] $Layers = 10, [string] $Peers, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'lib/Peers.ps1') -Peers $Peers
if ($Smoke) { $Pairs = 1; $LayerSize = 100000; $Layers = 3 }

# The image of a folder or an archive into a registry that was just started.
function Measure-ToRegistry([string] $Name, [string] $Image) {
    Measure-Pair $Name $Pairs {
        $server = Open-DockerRegistry
        Measure-Here { Copy-OciImage $Image "$($server.address)/x/big:1" } 'Copied'
        Close-DockerRegistry $server
    } {
        $server = Open-DockerRegistry
        Measure-PeerSkopeo 'copy' $Image, "docker://$($server.address)/x/big:1"
        Close-DockerRegistry $server
    }
}

try {
    $source = (Open-DockerRegistry).address
    Add-BenchImage $source '--repository', 'bench/big', '--tags', '1', '--layers', "$Layers", '--layer-size', "$LayerSize"
    $image = "$source/bench/big:1"
    $folder = Join-Path $RegistryFolder 'layouts'
    $null = New-Item -ItemType Directory -Force -Path $folder

    $inward = @(Measure-Pair 'into a layout' $Pairs {
            param($i)
            Measure-Here { Copy-OciImage $image "oci:$folder/ours${i}:1" } 'Copied'
            if ($i -gt 1) { Remove-Item -Recurse -Force -LiteralPath "$folder/ours$i" }
        } {
            param($i)
            Measure-PeerSkopeo 'copy' "docker://$image", "oci:$folder/theirs${i}:1"
            if ($i -gt 1) { Remove-Item -Recurse -Force -LiteralPath "$folder/theirs$i" }
        })

    $outward = @(Measure-ToRegistry 'from a layout' "oci:$folder/ours1:1")

    $packed = @(Measure-Pair 'into a Docker archive' $Pairs {
            param($i)
            Measure-Here { Copy-OciImage $image "docker-archive:$folder/ours$i.tar:x/big:1" } 'Copied'
            if ($i -ne 1) { Remove-Item -Force -LiteralPath "$folder/ours$i.tar" }
        } {
            param($i)
            Measure-PeerSkopeo 'copy' "docker://$image", "docker-archive:$folder/theirs$i.tar:x/big:1"
            Remove-Item -Force -LiteralPath "$folder/theirs$i.tar"
        })

    $unpacked = @(Measure-ToRegistry 'from a Docker archive' "docker-archive:$folder/ours1.tar")

    $size = '{0} MB in {1} layers' -f [math]::Round($Layers * $LayerSize / 1MB), $Layers
    Save-Bench 'folders' -Smoke:$Smoke -With (Get-PeerVersion 'skopeo') -Row @(
        New-RatioRow "$size, registry to OCI layout" 0.6 $inward
        New-RatioRow "$size, OCI layout to registry" 0.6 $outward
        New-RatioRow "$size, registry to Docker archive" 0.4 $packed
        New-RatioRow "$size, Docker archive to registry" 1.0 $unpacked
    )
} finally {
    Close-Bench
}
