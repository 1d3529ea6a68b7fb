# Docker's engines of the peers' matrix: one with containerd's store (the folder's dockerd) and one with Docker's own (the system's), and containerd itself. Each is
# started when a cell first asks for it, and stopped by its own process.

$script:PeerEngines = @{}
$script:PeerEngineKinds = @{ 'engine' = 'containerd'; 'engine-classic' = 'classic'; 'containerd-itself' = 'ctr'; 'podman-socket' = 'podman' }

function Test-PeerEngine([string] $Kind) {
    switch ($Kind) {
        'engine' { return [bool] ($Peers.Tools['dockerd'] -and $Peers.Tools['dockerd'] -like '*docker-bin*' -and (id -u) -eq 0) }
        'engine-classic' { return [bool] ((Test-Path /usr/sbin/dockerd) -and (id -u) -eq 0) }
        'containerd-itself' { return [bool] ($Peers.Tools['containerd'] -and $Peers.Tools['ctr'] -and (id -u) -eq 0) }
        'podman-socket' { return [bool] ($Peers.Tools['podman'] -and (id -u) -eq 0) }
        default { return $false }
    }
}

# The address of an engine's socket.
function Get-PeerEngine([string] $Kind) {
    if ($PeerEngines[$Kind]) { return $PeerEngines[$Kind].Address }
    $home_ = New-PeerPath "-$($PeerEngineKinds[$Kind])"
    $null = New-Item -ItemType Directory -Path $home_
    $socket = "$home_/s.sock"
    switch ($Kind) {
        'engine' { $program = $Peers.Tools['dockerd']; $path = "$(Split-Path $program):$env:PATH"; $store = 'native'; $config = '{"features":{"containerd-snapshotter":true}}' }
        'engine-classic' { $program = '/usr/sbin/dockerd'; $path = "/usr/bin:/usr/sbin:$env:PATH"; $store = 'vfs'; $config = '{}' }
    }

    switch ($Kind) {
        'containerd-itself' {
            Set-Content "$home_/c.toml" "version = 2`nroot = '$home_/root'`nstate = '$home_/state'`n[grpc]`naddress = '$socket'`n"
            $arguments = "-c $home_/c.toml"; $program = $Peers.Tools['containerd']; $path = "$(Split-Path $program):$env:PATH"
        }
        'podman-socket' {
            Set-PeerPodman
            $arguments = "--root $($Peers.Temp)/podman/root --runroot $($Peers.Temp)/podman/run --storage-driver vfs --cgroup-manager cgroupfs $($script:PeerPodman -join ' ') system service -t 0 unix://$socket"
            $program = $Peers.Tools['podman']; $path = $env:PATH
        }
        default {
            Set-Content "$home_/d.json" $config
            $arguments = "--config-file $home_/d.json --iptables=false --ip6tables=false --ip-masq=false --bridge=none --storage-driver=$store " +
                "--data-root $home_/data --exec-root $home_/exec --pidfile $home_/pid --host unix://$socket"
        }
    }

    $start = [System.Diagnostics.ProcessStartInfo]::new($program, $arguments)
    $start.UseShellExecute = $false
    $start.RedirectStandardError = $true
    $start.RedirectStandardOutput = $true
    $start.Environment['PATH'] = $path
    $process = [System.Diagnostics.Process]::Start($start)
    $process.BeginErrorReadLine(); $process.BeginOutputReadLine()
    $PeerEngines[$Kind] = @{ Process = $process; Address = "unix://$socket"; Socket = $socket }
    for ($i = 0; $i -lt 300 -and -not (Test-PeerSocket $Kind $socket); $i++) {
        if ($process.HasExited) { throw "$Kind ended at its start." }
        [System.Threading.Thread]::Sleep(100)
    }

    return "unix://$socket"
}

function Test-PeerSocket([string] $Kind, [string] $Socket) {
    if (-not (Test-Path $Socket)) { return $false }
    if ($Kind -eq 'containerd-itself') { $null = & $Peers.Tools['ctr'] -a $Socket version 2>&1; return $LASTEXITCODE -eq 0 }
    $null = & curl -s -f --unix-socket $Socket http://d/_ping 2>&1
    return $LASTEXITCODE -eq 0
}

# A request to an engine, by curl: what it says.
function Invoke-PeerEngine([string] $Kind, [string] $Path, [string[]] $Option = @()) {
    $null = Get-PeerEngine $Kind
    $said = & curl -s --unix-socket $PeerEngines[$Kind].Socket @Option "http://d$Path" 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$Kind $($Path): $said" }
    return $said | Out-String
}

function Save-PeerEngine([string] $Kind, [string] $Name, [string] $File) { $null = Invoke-PeerEngine $Kind "/images/get?names=$Name" @('-f', '-o', $File) }

function Import-PeerEngine([string] $Kind, [string] $File) {
    $said = Invoke-PeerEngine $Kind '/images/load?quiet=1' @('-X', 'POST', '-H', 'Content-Type: application/x-tar', '--data-binary', "@$File")
    if ($said -notmatch 'Loaded image' -or $said -match 'Error unpacking|errorDetail') { throw "load: $said" }
}

function Push-PeerEngine([string] $Kind, [string] $Name, [string] $To, [string] $Tag) {
    $null = Invoke-PeerEngine $Kind "/images/$($Name)/tag?repo=$To&tag=$Tag" @('-f', '-X', 'POST')
    $said = Invoke-PeerEngine $Kind "/images/$To/push?tag=$Tag" @('-X', 'POST', '-H', 'X-Registry-Auth: e30=')
    if ($said -match 'errorDetail') { throw "push: $said" }
}

function Receive-PeerEngine([string] $Kind, [string] $Image, [string] $Tag, [string] $Platform = '') {
    $said = Invoke-PeerEngine $Kind "/images/create?fromImage=$Image&tag=$Tag$(if ($Platform) { "&platform=$Platform" })" @('-X', 'POST')
    if ($said -match 'errorDetail|"message"') { throw "pull: $said" }
}

# podman with a store and a configuration of its own.
function Set-PeerPodman {
    $null = New-Item -ItemType Directory -Force -Path "$($Peers.Temp)/podman"
    Set-Content "$($Peers.Temp)/podman/registries.conf" 'unqualified-search-registries = []'
    Set-Content "$($Peers.Temp)/podman/storage.conf" "[storage]`ndriver = 'vfs'`nrunroot = '$($Peers.Temp)/podman/run'`ngraphroot = '$($Peers.Temp)/podman/root'`n"
    # Nothing is run: it only wants to know that these are there.
    $script:PeerPodman = @(if ($Peers.Tools['conmon']) { '--conmon', $Peers.Tools['conmon'] }) + @(if ($Peers.Tools['crun']) { '--runtime', $Peers.Tools['crun'] })
    $helpers = @("$($Peers.Folder)/lib/podman" | Where-Object { $Peers.Folder -and (Test-Path $_) })
    Set-Content "$($Peers.Temp)/podman/containers.conf" $(if ($helpers.Count -gt 0) { "[engine]`nhelper_binaries_dir = ['$($helpers[0])']" } else { '' })
    $env:CONTAINERS_CONF = "$($Peers.Temp)/podman/containers.conf"
    $env:PODMAN_IGNORE_CGROUPSV1_WARNING = '1'
    $env:CONTAINERS_STORAGE_CONF = "$($Peers.Temp)/podman/storage.conf"
    $env:CONTAINERS_REGISTRIES_CONF = "$($Peers.Temp)/podman/registries.conf"
}

function Podman {
    Set-PeerPodman
    $options = @('--root', "$($Peers.Temp)/podman/root", '--runroot', "$($Peers.Temp)/podman/run", '--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs') + $script:PeerPodman
    Invoke-Peer podman @options @args
}

function Ctr { $null = Get-PeerEngine 'containerd-itself'; Invoke-Peer ctr -a $PeerEngines['containerd-itself'].Socket @args }

function Close-PeerEngine {
    foreach ($engine in $PeerEngines.Values) {
        if (-not $engine.Process.HasExited) { & kill $engine.Process.Id; if (-not $engine.Process.WaitForExit(15000)) { $engine.Process.Kill() } }
        $engine.Process.Dispose()
    }

    $PeerEngines.Clear()
}
