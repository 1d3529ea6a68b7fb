# The peak memory of a process over that of the same shell without a command: a layer of 1 GB, 200 tags, and that layer through each
# place of images, with what is written into files for it: each byte once on the way in, none on the way out.
param([int] $Pairs = 3, [long] $Size = 1GB, [int] $Tags = 200, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $Size = 10MB; $Tags = 3 }

function Measure-Peak([string] $Job, [double] $Bare, [scriptblock] $Command) {
    $peaks = @(1..$Pairs | ForEach-Object { (Measure-Process (& $Command)).Peak - $Bare })
    $median = Get-Median $peaks
    New-BenchRow -Job $Job -Wanted '≤ 64 MB' -Reached ('{0:0} MB' -f $median) -Met ($median -le 64) `
        -Detail ('over the bare shell ({0:0} MB); {1} runs: {2}' -f $Bare, $Pairs, (($peaks | ForEach-Object { '{0:0}' -f $_ }) -join ' '))
}

# Memory and writes of a copy. How often a byte may be written: 1 into a place of files; 0 out of it, but for what is packed anew on the way.
function Measure-Place([string] $Job, [double] $Bare, [double] $Times, [scriptblock] $Command) {
    $runs = @(1..$Pairs | ForEach-Object { Measure-Process (& $Command) })
    $peak = Get-Median @($runs | ForEach-Object { $_.Peak - $Bare })
    $written = [math]::Round((Get-Median @($runs | ForEach-Object { $_.Written / ($Size / 1MB) })), 2)
    New-BenchRow -Job $Job -Wanted ('≤ 64 MB, written {0}' -f $Times) -Reached ('{0:0} MB, written {1:0.00}' -f $peak, $written) `
        -Met ($peak -le 64 -and [math]::Abs($written - $Times) -le 0.02) `
        -Detail ('over the bare shell ({0:0} MB); {1} runs: {2}' -f $Bare, $Pairs, (($runs | ForEach-Object { '{0:0}' -f ($_.Peak - $Bare) }) -join ' '))
}

# Into a place, and from there into a registry.
function Measure-BothWays([string] $Transport, [double] $Bare, [string] $Source, [double] $OutTimes) {
    $place = Join-Path $RegistryFolder "memory-$Transport"
    $name = if ($Transport -eq 'dir') { '' } else { ':x:1' }
    $layer = "a layer of $([math]::Round($Size / 1GB, 2)) GB"
    try {
        Measure-Place "memory: $layer, registry to ${Transport}:" $Bare 1 {
            if (Test-Path -LiteralPath $place) { Remove-Item -Recurse -Force -LiteralPath $place }
            "Copy-OciImage $Source/synthetic:1 '${Transport}:$place$name' -ErrorAction Stop"
        }
        Measure-Place "memory: $layer, ${Transport}: to registry" $Bare $OutTimes {
            "Copy-OciImage '${Transport}:$place$name' $(Open-TestRegistry '--discard-above 1048576')/x:1 -ErrorAction Stop$(if ($Transport -eq 'dir') { ' -Compression Keep' })"
        }
    } finally {
        if (Test-Path -LiteralPath $place) { Remove-Item -Recurse -Force -LiteralPath $place }
    }
}

# A tar file whose one file holds so many bytes that can't be made smaller.
function New-LayerFile([string] $Path) {
    $folder = Join-Path $RegistryFolder 'content'
    $null = New-Item -ItemType Directory -Force -Path $folder
    $block = [byte[]]::new(1MB)
    [System.Random]::new(1).NextBytes($block)
    $file = [System.IO.File]::Create("$folder/noise")
    for ($i = 0; $i -lt $Size / 1MB; $i++) { $file.Write($block, 0, $block.Length) }
    $file.Dispose()
    [System.Formats.Tar.TarFile]::CreateFromDirectory($folder, $Path, $false)
    Remove-Item -Recurse -Force -LiteralPath $folder
}

# Into a Docker engine and out of it: it takes and gives whole archives, which are files on the way. What the engine itself writes is not counted.
function Measure-Daemon([double] $Bare) {
    if (-not (Get-Command dockerd -CommandType Application -ErrorAction SilentlyContinue)) {
        Write-Warning 'dockerd is not installed: its rows are left out.'
        return
    }

    $tar = Join-Path $RegistryFolder 'layer.tar'
    $layer = "a layer of $([math]::Round($Size / 1GB, 2)) GB"
    $daemon = Start-TestServer 'dockerd'
    $BenchServers.Add($daemon)
    try {
        New-LayerFile $tar
        Measure-Place "memory: $layer, tarball: to docker-daemon:" $Bare 1 {
            "Copy-OciImage 'tarball:$tar' docker-daemon:x:1 -DaemonHost '$($daemon.address)' -ErrorAction Stop"
        }
        Measure-Place "memory: $layer, docker-daemon: to registry" $Bare 2 {
            "Copy-OciImage docker-daemon:x:1 $(Open-TestRegistry '--discard-above 1048576')/x:1 -DaemonHost '$($daemon.address)' -ErrorAction Stop"
        }
    } finally {
        if (Test-Path -LiteralPath $tar) { Remove-Item -Force -LiteralPath $tar }
    }
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
        Measure-BothWays 'oci' $bare $big 0
        Measure-BothWays 'dir' $bare $big 0
        Measure-BothWays 'oci-archive' $bare $big 0

        # Docker's layers are unpacked: on the way to a registry they are packed, into a file that is then sent.
        Measure-BothWays 'docker-archive' $bare $big 1
        Measure-Daemon $bare
    )
} finally {
    Close-Bench
}
