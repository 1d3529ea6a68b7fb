# Many repositories of many tags of which one in a hundred has changed, to three destinations at once; skopeo runs once for each. In turn.
param([int] $Pairs = 3, [int] $Repositories = 50, [int] $Tags = 20, [string] $Peers, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'lib/Peers.ps1') -Peers $Peers
if ($Smoke) { $Pairs = 1; $Repositories = 2; $Tags = 3 }

try {
    $server = Open-DockerRegistry
    $source = $server.address
    $all = @(1..$Repositories | ForEach-Object { "bench/r$_" })
    $shape = '--shared', '2', '--layers', '1', '--layer-size', '3000'
    Add-BenchImage $source (@('--repository', ($all -join ','), '--tags', ((1..$Tags | ForEach-Object { "1.$_.0" }) -join ',')) + $shape)

    # Three for us and three for skopeo, which have what the source has now.
    $mirrors = @(1..3 | ForEach-Object { (Open-DockerRegistry "--no-access-log --copy-of `"$($server.folder)`"").address + '/bench' })
    $others = @(1..3 | ForEach-Object { (Open-DockerRegistry "--no-access-log --copy-of `"$($server.folder)`"").address + '/bench' })
    $file = Join-Path $RegistryFolder 'skopeo.yml'
    Set-Content -LiteralPath $file -Value (@("${source}:", '  tls-verify: false', '  images:') + @($all | ForEach-Object { "    ${_}: []" }))
    $sources = @($all | ForEach-Object { "$source/$_" })
    $changes = [int] [math]::Max(1, [math]::Round($Repositories * $Tags / 100))
    $some = ($all | Select-Object -First $changes) -join ','

    $measured = @(Measure-Pair 'one in a hundred changed' $Pairs {
            param($i)
            Add-BenchImage $source (@('--repository', $some, '--tags', '1.1.0', '--seed', "$(5000 + 100 * $i)") + $shape)
            Measure-Here { Sync-OciImage -Source $sources -AllTags -Destination $mirrors } 'UpToDate', 'Updated'
        } {
            $seconds = 0
            foreach ($place in $others) { $seconds += Measure-PeerSkopeo 'sync' '--src', 'yaml', '--dest', 'docker', $file, $place }
            $seconds
        })

    Save-Bench 'many-repositories' -Smoke:$Smoke -Row (New-RatioRow "$Repositories repositories of $Tags tags, $changes changed, three destinations" 0.12 $measured) -With (Get-PeerVersion 'skopeo')
} finally {
    Close-Bench
}
