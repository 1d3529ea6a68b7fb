# Real files, the parts of the .NET SDK that runs this, out of a Docker archive into a registry: layers there are unpacked, and a registry wants them packed.
# Ours and skopeo's in turn, with what each has stored.
param([int] $Pairs = 3, [string] $Peers, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'lib/Peers.ps1') -Peers $Peers
if ($Smoke) { $Pairs = 1 }

# The bytes of the layers that a tag has.
function Get-StoredSize([string] $Image) {
    $name, $tag = ($Image -split '/', 2)[1] -split ':'
    $manifest = Invoke-RestMethod "http://$(($Image -split '/')[0])/v2/$name/manifests/$tag" -Headers @{ Accept = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json' }
    if ($manifest -is [byte[]]) { $manifest = [System.Text.Encoding]::UTF8.GetString($manifest) | ConvertFrom-Json }
    ($manifest.layers | Measure-Object -Property size -Sum).Sum
}

try {
    $folder = Join-Path $RegistryFolder 'real'
    $null = New-Item -ItemType Directory -Force -Path $folder
    $sdks = @(& dotnet --list-sdks)[-1] -replace '^.*\[(.*)\]$', '$1'
    $parts = @(if ($Smoke) { Join-Path $sdks '../host' } else { Get-ChildItem -Directory -LiteralPath $sdks, (Join-Path $sdks '../shared') | ForEach-Object FullName })
    $tars = @($parts | ForEach-Object {
            $tar = Join-Path $folder "real$([array]::IndexOf($parts, $_)).tar"
            [System.Formats.Tar.TarFile]::CreateFromDirectory($_, $tar, $true)
            $tar
        })
    $real = "$folder/real.tar"
    $null = Copy-OciImage "tarball:$($tars -join ':')" "docker-archive:${real}:x/real:1"
    Remove-Item -LiteralPath $tars
    $size = '{0:0} MB of real files' -f ((Get-Item -LiteralPath $real).Length / 1MB)

    $stored = @{ ours = 0; theirs = 0 }
    $fresh = @(Measure-Pair 'real files' $Pairs {
            $server = Open-DockerRegistry
            Measure-Here { Copy-OciImage "docker-archive:$real" "$($server.address)/x/real:1" } 'Copied'
            $stored.ours = Get-StoredSize "$($server.address)/x/real:1"
            Close-DockerRegistry $server
        } {
            $server = Open-DockerRegistry
            Measure-PeerSkopeo 'copy' "docker-archive:$real", "docker://$($server.address)/x/real:1"
            $stored.theirs = Get-StoredSize "$($server.address)/x/real:1"
            Close-DockerRegistry $server
        })
    $ratio = $stored.ours / [math]::Max(1, $stored.theirs)
    Save-Bench 'real-files' -Smoke:$Smoke -With (Get-PeerVersion 'skopeo') -Row @(
        New-RatioRow "$size, Docker archive to registry" 0.6 $fresh
        New-BenchRow -Job "$size, what the registry stores" -Wanted '≤ 1.00' -Reached ('{0:0.00}' -f $ratio) -Met ([math]::Round($ratio, 2) -le 1) `
            -Detail ('{0:0} MB to {1:0} MB' -f ($stored.ours / 1MB), ($stored.theirs / 1MB))
    )
} finally {
    Close-Bench
}
