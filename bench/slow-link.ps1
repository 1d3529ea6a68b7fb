# Registries that are far away: a proxy before each delays every byte in each direction. Ours and crane's (at the number of jobs that suits it best) in turn,
# without any parameter of ours, each in a process of its own; with -Before, the folder of another build of the module, that one too.
# -Only, some of: Small (tags), Large (ten layers), Full (a line that is busy all the time), Layer (one layer, compared with what one TCP stream carries through
# the same proxies), Source (the same, each connection to the source carrying little), Rate (a registry that refuses what comes too often). Each takes less
# than 90 s with -Pairs 1; what is left out keeps the rows that it has.
param([int] $Pairs = 2, [int] $Tags = 20, [int] $ManyTags = 200, [string] $Milliseconds = '50,150', [string] $CraneJobs = '32', [int] $LargeMB = 1000,
    [int] $FullMB = 500, [int] $SourceMB = 250, [int] $RateTags = 250, [string] $Only = 'Small,Large,Full,Layer,Source,Rate', [string] $Peers,
    [string] $Before, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'lib/Peers.ps1') -Peers $Peers
if ($Smoke) { $Pairs = 1; $Tags = 2; $ManyTags = 3; $Milliseconds = '5'; $LargeMB = $FullMB = $SourceMB = 1; $RateTags = 8; $Only = 'Small,Full,Layer,Rate' }
$wanted = @($Only -split ',' | ForEach-Object Trim)
$delays = @($Milliseconds -split ',' | ForEach-Object { [int] $_ })
$counts = @($CraneJobs -split ',')
$crane = Find-Peer 'crane'
$rows = [System.Collections.Generic.List[object]]::new()

# A registry behind a proxy, emptied for each run.
function Open-FarRegistry([int] $Delay, [string] $Options = '') {
    $server = Open-DockerRegistry
    $proxy = Start-TestServer "delay $($server.address) --milliseconds $Delay $Options"
    [pscustomobject] @{ server = $server; proxy = $proxy; address = $proxy.address }
}

function Close-FarRegistry([object] $Far) {
    Close-DockerRegistry $Far.server
    $Far.proxy.Process.Kill()
}

# Seconds of a command of ours that ends in a destination's address, in a process of its own.
function Measure-Far([int] $Delay, [string] $Command, [string] $Module, [string] $Options) {
    $far = Open-FarRegistry $Delay $Options
    $seconds = (Measure-Process "`$rows = @($($Command -f $far.address)); if (-not `$rows -or @(`$rows | Where-Object Status -ne 'Copied').Count) { throw `"`$(`$rows.Error)`" }" $Module).Command
    Close-FarRegistry $far
    $seconds
}

# Seconds of crane, at the best of the numbers of jobs.
function Measure-FarCrane([int] $Delay, [string[]] $ArgumentList, [string] $Name, [string] $Options) {
    $best = [double]::MaxValue
    foreach ($count in $counts) {
        $far = Open-FarRegistry $Delay $Options
        $best = [math]::Min($best, (Invoke-BenchProgram $crane (@('copy', '--jobs', "$count") + $ArgumentList + "$($far.address)/$Name")).Seconds)
        Close-FarRegistry $far
    }
    $best
}

# Ours, crane's and those of the build before, in turn, as rows.
function Measure-FarJob([string] $Job, [int] $Delay, [string] $Command, [string[]] $CraneArguments, [string] $CraneName, [double] $Wanted, [double] $WantedBefore, [string] $Options) {
    $ours, $theirs, $old = @(), @(), @()
    for ($i = 0; $i -lt $Pairs; $i++) {
        $ours += Measure-Far $Delay $Command '' $Options
        if ($crane -and $Wanted -gt 0) { $theirs += Measure-FarCrane $Delay $CraneArguments $CraneName $Options }
        if ($Before -and $WantedBefore -gt 0) { $old += Measure-Far $Delay $Command (Join-Path $Before 'OciSync.psd1') $Options }
        [Console]::WriteLine(('{0}, {1} ms: ours {2:0.00}, crane {3}, before {4}' -f $Job, $Delay, $ours[-1], ($theirs | Select-Object -Last 1), ($old | Select-Object -Last 1)))
    }
    foreach ($other in @(if ($theirs) { , @("crane -j $($counts -join ' or ')", $theirs, $Wanted) }; if ($old) { , @('the build before', $old, $WantedBefore) })) {
        $ratio = (Get-Median $ours) / (Get-Median $other[1])
        $rows.Add((New-BenchRow -Job "$Job over $Delay ms each way, to $($other[0])" -Wanted ('≤ {0:0.00}' -f $other[2]) -Reached ('{0:0.00}' -f $ratio) `
                    -Met ([math]::Round($ratio, 2) -le $other[2]) -Detail "seconds: ours $(Format-Numbers $ours); theirs $(Format-Numbers $other[1])"))
    }
}

# Seconds of a download by one stream through the source's proxy and of an upload through a destination's, side by side; the slower of the two counts. What
# one stream is able to is what TCP's windows let it: those of the proxies.
function Measure-Stream([string] $Source, [string] $Repository, [object] $Layer, [int] $Delay, [string] $Options) {
    $blob = Join-Path $RegistryFolder 'blob'
    $null = Invoke-BenchProgram 'curl' @('-sS', '-o', $blob, "http://$near/v2/$Repository/blobs/$($Layer.digest)")
    $far = Open-FarRegistry $Delay $Options
    $place = ((& curl -sS -D - -o /dev/null -X POST "http://$($far.address)/v2/x/blobs/uploads/") -match '^Location:')[0] -replace '^Location:\s*', ''
    $jobs = "curl -sS -o /dev/null -w 'down %{time_total}\n' 'http://$Source/v2/$Repository/blobs/$($Layer.digest)' & " +
        "curl -sS -o /dev/null -w 'up %{time_total}\n' -H 'Content-Type: application/octet-stream' -T '$blob' '$($place.Trim())&digest=$($Layer.digest)'; wait"
    $said = (Invoke-BenchProgram 'sh' @('-c', $jobs)).Output
    Close-FarRegistry $far
    Remove-Item -LiteralPath $blob
    [Console]::WriteLine("one stream: $(($said.Trim() -split '\s+') -join ' ')")
    @([regex]::Matches($said, '(?m)(?:up|down) ([\d.]+)') | ForEach-Object { [double] $_.Groups[1].Value } | Sort-Object)[-1]
}

# The layers of a seeded image: what travels of it. They are packed noise and have some hundredths more bytes than was asked for.
function Get-Layer([string] $Repository) {
    $manifest = Invoke-RestMethod "http://$near/v2/$Repository/manifests/1" -Headers @{ Accept = 'application/vnd.oci.image.manifest.v1+json' }
    if ($manifest -isnot [pscustomobject]) { $manifest = [System.Text.Encoding]::UTF8.GetString($manifest) | ConvertFrom-Json }
    $manifest.layers
}

# One image of a layer: what one stream takes beside what ours takes.
function Measure-LargeJob([string] $Job, [string] $Repository, [int] $Delay, [string] $SourceOptions, [string] $Options) {
    $source = (Start-TestServer "delay $near --milliseconds $Delay $SourceOptions").address
    $layer = @(Get-Layer $Repository)[0]
    $ours, $streams = @(), @()
    for ($i = 0; $i -lt [math]::Min($Pairs, 2); $i++) {
        $ours += Measure-Far $Delay "Copy-OciImage $source/${Repository}:1 {0}/x/large:1" '' $Options
        $streams += Measure-Stream $source $Repository $layer $Delay $Options
        [Console]::WriteLine(('{0}: ours {1:0.00} s, one stream {2:0.00} s' -f $Job, $ours[-1], $streams[-1]))
    }
    $ratio = (Get-Median $streams) / (Get-Median $ours)
    $rows.Add((New-BenchRow -Job "$Job, of what one stream carries" -Wanted '≥ 0.90' -Reached ('{0:0.00}' -f $ratio) -Met ([math]::Round($ratio, 2) -ge 0.9) `
                -Detail "seconds, all asking included: ours $(Format-Numbers $ours); one stream $(Format-Numbers $streams)"))
}

# Ten layers over a line of so many bytes a second: payload over time.
function Measure-FullJob([int] $Delay, [long] $Bandwidth) {
    $source = (Start-TestServer "delay $near --milliseconds $Delay --bandwidth $Bandwidth").address
    $ours = @(1..$Pairs | ForEach-Object { Measure-Far $Delay "Copy-OciImage $source/bench/full:1 {0}/x/full:1" '' "--bandwidth $Bandwidth" })
    $bytes = (Get-Layer 'bench/full' | Measure-Object -Property size -Sum).Sum
    $share = $bytes / (Get-Median $ours) / $Bandwidth
    $rows.Add((New-BenchRow -Job "$FullMB MB in 10 layers over a line of $($Bandwidth / 1MB) MB/s, $Delay ms each way, of what it carries" -Wanted '≥ 0.95' `
                -Reached ('{0:0.00}' -f $share) -Met ([math]::Round($share, 2) -ge 0.95) -Detail "$([long] $bytes) bytes of layers over the time of the command; seconds: $(Format-Numbers $ours)"))
}

# A registry that answers so many requests in any second, and 429 with Retry-After: 1 to what comes beyond: how many it has answered a second.
function Measure-RateJob([int] $PerSecond, [string] $Parameter) {
    $limited = (Start-TestServer "serve --requests-per-second $PerSecond --many 1:$RateTags").address
    $place = Open-TestRegistry
    $trace = Join-Path $RegistryFolder 'rate.jsonl'
    $null = Measure-Process "`$rows = @(Sync-OciImage -Source $limited/many/r0 -AllTags -Destination $place/x -TracePath '$trace' $Parameter)
        if (-not `$rows -or @(`$rows | Where-Object Status -ne 'Copied').Count) { throw `"`$(`$rows.Error)`" }"
    $asked = @(Get-Content -LiteralPath $trace | ForEach-Object { $_ | ConvertFrom-Json } | Where-Object { $_.kind -eq 'request' -and $_.url -like "http://$limited/*" })
    Remove-Item -LiteralPath $trace
    $answered = @($asked | Where-Object { $_.status -ne 429 -and $_.status -ne 0 })
    $ends = @($answered | ForEach-Object { ([datetime] $_.time).AddMilliseconds($_.milliseconds) } | Sort-Object)
    $seconds = ($ends[-1] - $ends[0]).TotalSeconds
    $rate = $answered.Count / $seconds
    $how = if ($Parameter) { "with $Parameter" } else { 'without a parameter' }
    $rows.Add((New-BenchRow -Job "a registry that answers $PerSecond requests a second, $how" -Wanted '≥ 18 a second' -Reached ('{0:0.0} a second' -f $rate) `
                -Met ($rate -ge 18) -Detail ('{0} answered in {1:0.0} s, {2} refused; every image was copied' -f $answered.Count, $seconds, ($asked.Count - $answered.Count))))
}

function Format-Numbers([double[]] $Values) {
    (@($Values | ForEach-Object { '{0:0.00}' -f $_ })) -join ' '
}

# The rows of what was left out stay as they were measured.
function Save-Rows {
    $path = Join-Path $BenchTop 'docs/bench/slow-link.json'
    if (-not $Smoke -and @($wanted).Count -lt 6 -and (Test-Path -LiteralPath $path)) {
        $names = @($rows | ForEach-Object job)
        $kept = @((Get-Content -Raw -LiteralPath $path | ConvertFrom-Json).rows | Where-Object { $names -notcontains $_.job })
        $rows.InsertRange(0, [object[]] $kept)
    }
    Save-Bench 'slow-link' -Smoke:$Smoke -Row $rows
}

try {
    $near = (Open-DockerRegistry).address
    $names = (1..$Tags | ForEach-Object { "1.$_.0" }) -join ','
    $many = (1..$ManyTags | ForEach-Object { "1.$_.0" }) -join ','
    if ($wanted -contains 'Small') {
        Add-BenchImage $near '--repository', 'bench/few', '--tags', $names, '--shared', '3', '--layers', '1', '--layer-size', '100000'
        Add-BenchImage $near '--repository', 'bench/many', '--tags', $many, '--shared', '3', '--layers', '1', '--layer-size', '20000'
    }
    if ($wanted -contains 'Large') { Add-BenchImage $near '--repository', 'bench/big', '--tags', '1', '--layers', '10', '--layer-size', "$(30MB)" }
    if ($wanted -contains 'Full') { Add-BenchImage $near '--repository', 'bench/full', '--tags', '1', '--layers', '10', '--layer-size', "$([long] ($FullMB * 1MB / 10))" }
    if ($wanted -contains 'Layer') { Add-BenchImage $near '--repository', 'bench/layer', '--tags', '1', '--layers', '1', '--layer-size', "$($LargeMB * 1MB)" }
    if ($wanted -contains 'Source') { Add-BenchImage $near '--repository', 'bench/source', '--tags', '1', '--layers', '1', '--layer-size', "$($SourceMB * 1MB)" }

    foreach ($delay in $delays) {
        $source = (Start-TestServer "delay $near --milliseconds $delay").address
        if ($wanted -contains 'Small') {
            Measure-FarJob "$Tags tags fresh" $delay "Sync-OciImage -Source $source/bench/few -AllTags -Destination {0}/x" @('--all-tags', "$source/bench/few") 'x/few' 0.9 0.5
            Measure-FarJob "$ManyTags tags fresh" $delay "Sync-OciImage -Source $source/bench/many -AllTags -Destination {0}/x" @('--all-tags', "$source/bench/many") 'x/many' 0.9 0.3
        }
        if ($wanted -contains 'Large') { Measure-FarJob '300 MB in 10 layers' $delay "Copy-OciImage $source/bench/big:1 {0}/x/big:1" @("$source/bench/big:1") 'x/big:1' 0.9 0.9 }
    }
    if ($wanted -contains 'Full') { Measure-FullJob $delays[0] ([math]::Min(20, 10 * $FullMB) * 1MB) }

    # 12 MB under way in 300 ms are 40 MB a second for each connection, 3 MB are 10.
    if ($wanted -contains 'Layer') { Measure-LargeJob "One layer of $LargeMB MB over $($delays[-1]) ms each way" 'bench/layer' $delays[-1] '--window 12000000' '--window 12000000' }
    if ($wanted -contains 'Source') {
        Measure-LargeJob "One layer of $SourceMB MB over $($delays[-1]) ms each way, from a source with a quarter of the destination's window" 'bench/source' $delays[-1] `
            '--window 3000000' '--window 12000000'
    }
    if ($wanted -contains 'Rate') {
        Measure-RateJob 20 ''
        Measure-RateJob 20 '-MaximumRequestRate 20/s'
    }
    Save-Rows
} finally {
    Close-Bench
}
