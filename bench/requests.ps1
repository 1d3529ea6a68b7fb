# How many requests a tag takes that is new at its destination, and one that is there already: from the access logs of both registries.
param([int] $Tags = 200, [int] $LayerSize = 100000, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Tags = 5 }

# Requests of a docker-registry's access log from a line on, as "HEAD manifests" and the like; the log is written shortly after the answer.
function Get-AccessCount([string] $Log) {
    [System.Threading.Thread]::Sleep(500)
    $counts = @{}
    foreach ($line in Get-Content -LiteralPath $Log) {
        if ($line -notmatch '"(GET|HEAD|PUT|POST|PATCH|DELETE) (/v2/\S*) HTTP') { continue }
        $method, $path = $Matches[1], $Matches[2].Split('?')[0]
        $kind = if ($path -match '/(manifests|uploads|blobs|tags)/') { "$method $($Matches[1])" } else { "$method /v2/" }
        $counts[$kind] = 1 + $counts[$kind]
    }
    $counts
}

# What is more in the second than in the first, for each tag.
function Format-Difference([hashtable] $Before, [hashtable] $After) {
    $parts = foreach ($kind in $After.Keys | Sort-Object) {
        $more = $After[$kind] - [int] $Before[$kind]
        if ($more -gt 0) { '{0:0.##} {1}' -f ($more / $Tags), $kind }
    }
    @($parts) -join ', '
}

function Get-Total([hashtable] $Before, [hashtable] $After) {
    $total = 0
    foreach ($kind in $After.Keys) { $total += $After[$kind] - [int] $Before[$kind] }
    $total
}

try {
    $names = (1..$Tags | ForEach-Object { "1.$_.0" }) -join ','
    $seed = '--repository', 'bench/app', '--tags', $names, '--shared', '3', '--layers', '1', '--layer-size', "$LayerSize"
    $from = Open-DockerRegistry ''
    $to = Open-DockerRegistry ''
    Add-BenchImage $from.address $seed
    $logs = @($from.accessLog, $to.accessLog)
    $start = @($logs | ForEach-Object { Get-AccessCount $_ })
    Assert-BenchRow @(Sync-OciImage -Source "$($from.address)/bench/app" -AllTags -Destination "$($to.address)/x") 'Copied'
    $copied = @($logs | ForEach-Object { Get-AccessCount $_ })
    Assert-BenchRow @(Sync-OciImage -Source "$($from.address)/bench/app" -AllTags -Destination "$($to.address)/x") 'UpToDate'
    $unchanged = @($logs | ForEach-Object { Get-AccessCount $_ })
    if ($copied[0].Count -eq 0 -or $copied[1].Count -eq 0) { throw 'There are no requests in the access logs.' }
    $new = (Get-Total $start[0] $copied[0]) + (Get-Total $start[1] $copied[1])
    $same = (Get-Total $copied[0] $unchanged[0]) + (Get-Total $copied[1] $unchanged[1])

    # A new tag: at the source HEAD and GET of the manifest and GETs of a layer and the config; at the destination POST and PUT for both and the PUT of
    # the manifest. Beyond that a run has a few requests of its own: /v2/ and a list of tags on each side, three requests for each of three shared layers, and
    # the HEADs of the eight images that start together, before anybody knows that the repository is new.
    $least = 9 * $Tags + 3 * 3 + 2 * 2 + [math]::Min(8, $Tags)
    Save-Bench 'requests' -Smoke:$Smoke -Row @(
        New-BenchRow -Job "$Tags unchanged tags, requests" -Wanted '2 a tag' -Reached ('{0:0.##} a tag' -f ($same / $Tags)) -Met ($same -le 2 * $Tags + 4) `
            -Detail ('a tag: source {0}; destination {1}' -f (Format-Difference $copied[0] $unchanged[0]), (Format-Difference $copied[1] $unchanged[1]))
        New-BenchRow -Job "$Tags new tags, requests" -Wanted ('{0:0.##} a tag' -f ($least / $Tags)) -Reached ('{0:0.##} a tag' -f ($new / $Tags)) -Met ($new -le $least) `
            -Detail ('a tag: source {0}; destination {1}' -f (Format-Difference $start[0] $copied[0]), (Format-Difference $start[1] $copied[1]))
    )
} finally {
    Close-Bench
}
