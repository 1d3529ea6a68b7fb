# A served folder and one that fills itself: a large blob to four clients beside docker-registry, manifests, memory, and twenty clients that want an image that
# isn't there. The server is a shell of its own; the clients throw away what they get.
param(
    [int] $Pairs = 5, [long] $Size = 1000000000, [long] $Absent = 300000000, [long] $BytesPerSecond = 40000000, [double] $Seconds = 5, [switch] $Smoke,
    [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $Size = 1000000; $Absent = 3000000; $BytesPerSecond = 20000000; $Seconds = 0.2 }
Add-Type -Path (Join-Path $PSScriptRoot 'lib/Swallow.cs')

# A shell that serves a folder; it is ready when this returns.
function Start-Mirror([string] $Path, [string] $Options = '') {
    $port = Get-FreePort
    $script = Join-Path $RegistryFolder "serve-$port.ps1"
    Set-Content -LiteralPath $script -Value "Import-Module '$BenchTop/out/OciSync/OciSync.psd1'; Start-OciRegistryServer '$Path' -Port $port -Wait $Options | Out-Null"
    $start = [System.Diagnostics.ProcessStartInfo]::new($BenchRunner.Command)
    $start.Arguments = (@($BenchRunner.Arguments) + $script | ForEach-Object { '"' + $_ + '"' }) -join ' '
    $start.UseShellExecute = $false
    $process = [System.Diagnostics.Process]::Start($start)
    for ($i = 0; $i -lt 600; $i++) {
        try { $null = [Swallow]::Get($port, '/v2/', 1); break } catch { Start-Sleep -Milliseconds 50 }
        if ($process.HasExited) { throw "The server of '$Path' did not start." }
    }
    [pscustomobject] @{ Port = $port; Process = $process }
}

function Stop-Mirror($Mirror) {
    $Mirror.Process.Kill()
    $Mirror.Process.WaitForExit()
}

function Get-Slowest([int] $Port, [string] $Path, [int] $Clients) { ([Swallow]::Get($Port, $Path, $Clients) | Measure-Object -Maximum).Maximum }

function Get-Layer([string] $Image) { @((Get-OciImageInfo $Image).LayersData | Sort-Object Size)[-1].Digest }

# The seconds of so many clients for a layer that isn't there, in a shell that was just started; then those for the same layer when it is there, in another
# one that has verified it for a client before.
function Measure-Absent([string] $Upstream, [string] $Repository, [string] $Layer, [int] $Clients) {
    $folder = Join-Path $RegistryFolder ('fill-' + [guid]::NewGuid().ToString('N'))
    $mirror = Start-Mirror $folder "-Upstream $Upstream"
    $name = '/v2/{0}/{1}' -f $Upstream.Replace(':', '-'), $Repository
    $null = Get-Slowest $mirror.Port "$name/manifests/1" 1
    $first = Get-Slowest $mirror.Port "$name/blobs/$Layer" $Clients
    Stop-Mirror $mirror
    $mirror = Start-Mirror $folder "-Upstream $Upstream"
    $null = Get-Slowest $mirror.Port "$name/manifests/1" 1
    $null = Get-Slowest $mirror.Port "$name/blobs/$Layer" 1
    $there = Get-Slowest $mirror.Port "$name/blobs/$Layer" $Clients
    Stop-Mirror $mirror
    Remove-Item -Recurse -Force -LiteralPath $folder
    [pscustomobject] @{ Absent = $first; There = $there }
}

# Twenty clients against one. Where the upstream sets the pace, twenty take as long as one; where it doesn't, the processors do: what twenty need for a layer
# that is there, beyond one, they need anyway, and it is added to what is wanted.
function Measure-Twenty([string] $Job, [string] $Upstream, [string] $Repository, [string] $Layer, [switch] $IsPaced) {
    $runs = @(1..$Pairs | ForEach-Object {
            $one = Measure-Absent $Upstream $Repository $Layer 1
            $all = Measure-Absent $Upstream $Repository $Layer 20
            $anyway = if ($IsPaced) { 0 } else { [math]::Max(0, $all.There - $one.There) }
            [pscustomobject] @{ one = $one.Absent; all = $all.Absent; anyway = $anyway; ratio = $all.Absent / ($one.Absent + $anyway) }
        })
    $median = Get-Median @($runs | ForEach-Object ratio)
    $anyway = if ($IsPaced) { '' } else { ', twenty more than one when it is there {0:0.00} s' -f (Get-Median @($runs | ForEach-Object anyway)) }
    New-BenchRow -Job $Job -Wanted '≤ 1.30' -Reached ('{0:0.00}' -f $median) -Met ($median -le 1.3) -Detail (
        'one {0:0.00} s, twenty {1:0.00} s{2}; {3} runs, ratios {4}' -f (Get-Median @($runs | ForEach-Object one)), (Get-Median @($runs | ForEach-Object all)),
        $anyway, $Pairs, (@($runs | ForEach-Object { '{0:0.00}' -f $_.ratio }) -join ' '))
}

try {
    $registry = Open-DockerRegistry
    $theirPort = [int] $registry.address.Split(':')[-1]
    Add-BenchImage $registry.address '--repository', 'bench/big', '--tags', '1', '--layers', '1', '--layer-size', "$Size"
    Add-BenchImage $registry.address '--repository', 'bench/absent', '--tags', '1', '--layers', '1', '--layer-size', "$Absent"
    Import-Module (Join-Path $BenchTop 'out/OciSync/OciSync.psd1')
    $folder = Join-Path $RegistryFolder 'served'
    Assert-BenchRow @(Copy-OciImage "$($registry.address)/bench/big:1" "oci:${folder}:bench/big:1") 'Copied'
    $layer = Get-Layer "$($registry.address)/bench/big:1"

    $bare = (Measure-Process 'bare').Peak
    $mirror = Start-Mirror $folder
    $rounds = @(0..$Pairs | ForEach-Object {
            $a = Get-Slowest $mirror.Port "/v2/bench/big/blobs/$layer" 4
            $b = Get-Slowest $theirPort "/v2/bench/big/blobs/$layer" 4
            if ($_ -gt 0) { [pscustomobject] @{ ours = $a; theirs = $b; ratio = $b / $a } }
        })
    $rate = [Swallow]::Rate($mirror.Port, '/v2/bench/big/manifests/1', 4, $Seconds)
    $peak = 0
    if (Test-Path "/proc/$($mirror.Process.Id)/status") {
        $peak = [long] (@(Get-Content "/proc/$($mirror.Process.Id)/status" | Where-Object { $_ -like 'VmHWM:*' })[0] -replace '\D', '') / 1KB - $bare
    }
    Stop-Mirror $mirror

    $slow = Open-TestRegistry "--synthetic $Absent --rate $BytesPerSecond"
    $count = '{0:0.00} GB' -f ($Size / 1e9)
    $median = Get-Median @($rounds | ForEach-Object ratio)
    Save-Bench 'serving' -Smoke:$Smoke -Row @(
        New-BenchRow -Job "serving a blob of $count to four clients, throughput beside docker-registry" -Wanted '≥ 0.80' -Reached ('{0:0.00}' -f $median) -Met ($median -ge 0.8) -Detail (
            '{0:0.00} s to {1:0.00} s; {2} pairs, ratios {3}' -f (Get-Median @($rounds | ForEach-Object ours)), (Get-Median @($rounds | ForEach-Object theirs)),
            $Pairs, (@($rounds | ForEach-Object { '{0:0.00}' -f $_.ratio }) -join ' '))
        New-BenchRow -Job 'serving manifests, over four connections' -Wanted '≥ 500 a second' -Reached ('{0:0} a second' -f $rate) -Met ($rate -ge 500) -Detail "for $Seconds s"
        New-BenchRow -Job 'memory: serving these' -Wanted '≤ 64 MB' -Reached ('{0:0} MB' -f $peak) -Met ($peak -le 64) -Detail ('over the bare shell ({0:0} MB)' -f $bare)
        Measure-Twenty ('20 clients, absent {0:0} MB, upstream gives {1:0} MB/s' -f ($Absent / 1e6), ($BytesPerSecond / 1e6)) $slow 'synthetic' (Get-Layer "$slow/synthetic:1") -IsPaced
        Measure-Twenty ('20 clients, absent {0:0} MB, docker-registry beside them, and what twenty need anyway' -f ($Absent / 1e6)) $registry.address 'bench/absent' (Get-Layer "$($registry.address)/bench/absent:1")
    )
} finally {
    Close-Bench
}
