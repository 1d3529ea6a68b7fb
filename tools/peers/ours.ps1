# What OciSync writes, taken by other tools: read, validated, loaded, verified. Each is one cell for each registry.

function Get-OurCell {
    $way = 'What OciSync writes, taken by others'
    function Cell([string] $Tool, [string] $Name, [string[]] $Needs, [scriptblock] $Run, [switch] $Smoke, [string] $Theirs) {
        New-PeerCell -Tool $Tool -Name $Name -Needs $Needs -Run $Run -Smoke:$Smoke -Theirs $Theirs -Way $way
    }

    # crane takes every layer for gzip when it validates: zstd, and the statements of a build attestation, are none.
    $onlyGzip = 'gzip: invalid header'

    # Images in registries
    foreach ($image in 'single', 'multi', 'docker', 'zstd') {
        $run = [scriptblock]::Create("param(`$r) `$to = New-PeerName `$r; `$null = Copy-Peer `"`$r/seed/$($image):1`" `"`${to}:1`"; `$null = Invoke-Peer crane validate --insecure --remote `"`${to}:1`"")
        Cell crane "validate --remote of the image '$image'" crane $run -Theirs $(if ($image -in 'multi', 'zstd') { $onlyGzip })
        $run = [scriptblock]::Create("param(`$r) `$to = New-PeerName `$r; `$null = Copy-Peer `"`$r/seed/$($image):1`" `"`${to}:1`"
            Assert-PeerSame (Get-PeerDigest `"`$r/seed/$($image):1`") `"`$(Invoke-Peer crane digest --insecure `"`${to}:1`")`" 'digests'")
        Cell crane "digest of the image '$image'" crane $run
    }
    foreach ($tool in 'skopeo', 'skopeo-1.18') {
        $run = [scriptblock]::Create("param(`$r) `$to = New-PeerName `$r; `$folder = New-PeerPath; `$null = Copy-Peer `"`$r/seed/multi:1`" `"`${to}:1`"
            `$null = Invoke-Peer $tool copy --src-tls-verify=false --insecure-policy --all --preserve-digests `"docker://`${to}:1`" `"dir:`$folder`"")
        Cell $tool 'copy --all of a whole image in a registry' $tool $run -Smoke:($tool -eq 'skopeo')
    }
    Cell oras 'manifest fetch --descriptor' oras {
        param($r) $to = New-PeerName $r; $null = Copy-Peer "$r/seed/multi:1" "${to}:1"
        $said = Invoke-Peer oras manifest fetch --plain-http --descriptor "${to}:1" | Out-String | ConvertFrom-Json
        Assert-PeerSame (Get-PeerDigest "$r/seed/multi:1") $said.digest 'digests'
    }
    Cell oras 'discover: referrers that OciSync copied' oras {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r; $folder = New-PeerPath
        $null = Copy-Peer "$r/seed/single:1" "${made}:1"
        Add-PeerReferrer "${made}:1"
        $null = Copy-Peer "${made}:1" "oci:${folder}:x" @{ IncludeReferrer = $true }
        $null = Copy-Peer "oci:${folder}:x" "${to}:1" @{ IncludeReferrer = $true }
        Assert-PeerSame (Get-PeerReferrer "${made}:1") (Get-PeerReferrer "${to}:1") 'referrers'
    }
    Cell oras 'cp -r of an image with referrers that OciSync copied' oras {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r; $last = New-PeerName $r
        $null = Copy-Peer "$r/seed/single:1" "${made}:1"
        Add-PeerReferrer "${made}:1"
        $null = Copy-Peer "${made}:1" "${to}:1" @{ IncludeReferrer = $true }
        $null = Invoke-Peer oras cp -r --from-plain-http --to-plain-http "${to}:1" "${last}:1"
        Assert-PeerSame (Get-PeerReferrer "${made}:1") (Get-PeerReferrer "${last}:1") 'referrers'
    }

    # Layouts, folders, archives
    Cell oras 'cp --from-oci-layout of oci:' oras {
        param($r) $folder = New-PeerPath; $to = New-PeerName $r
        $null = Copy-Peer "$r/seed/multi:1" "oci:${folder}:x"
        $null = Invoke-Peer oras cp --from-oci-layout --to-plain-http "${folder}:x" "${to}:1"
        Assert-PeerEqual "$r/seed/multi:1" "${to}:1"
    }
    Cell oras 'restore of oci-archive: with referrers' oras {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r; $file = New-PeerPath '.tar'
        $null = Copy-Peer "$r/seed/single:1" "${made}:1"
        Add-PeerReferrer "${made}:1"
        $null = Copy-Peer "${made}:1" "oci-archive:${file}:1" @{ IncludeReferrer = $true }
        $null = Invoke-Peer oras restore --plain-http --input $file "${to}:1"
        Assert-PeerSame (Get-PeerReferrer "${made}:1") (Get-PeerReferrer "${to}:1") 'referrers'
    }
    foreach ($tool in 'skopeo', 'skopeo-1.18') {
        foreach ($place in 'oci', 'oci-archive', 'dir') {
            $run = [scriptblock]::Create("param(`$r) `$path = New-PeerPath; `$to = New-PeerName `$r
                `$null = Copy-Peer `"`$r/seed/multi:1`" `"$($place):`${path}$(if ($place -ne 'dir') { ':x' })`"
                `$null = Invoke-Peer $tool copy --dest-tls-verify=false --insecure-policy --all --preserve-digests `"$($place):`${path}$(if ($place -ne 'dir') { ':x' })`" `"docker://`${to}:1`"
                Assert-PeerEqual `"`$r/seed/multi:1`" `"`${to}:1`"")
            Cell $tool "copy of $($place):" $tool $run -Smoke:($tool -eq 'skopeo')
        }
    }
    Cell skopeo 'copy of docker-archive:' skopeo {
        param($r) $file = New-PeerPath '.tar'; $to = New-PeerName $r
        $null = Copy-Peer "$r/seed/single:1" "docker-archive:${file}:a/b:1"
        $null = Skopeo "docker-archive:$file" "docker://${to}:1"
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") (Get-PeerConfig "${to}:1") 'configs'
    } -Smoke
    Cell crane 'validate --tarball and push of docker-archive:' crane {
        param($r) $file = New-PeerPath '.tar'; $to = New-PeerName $r
        $null = Copy-Peer "$r/seed/single:1" "docker-archive:${file}:a/b:1"
        $null = Invoke-Peer crane validate --tarball $file
        $null = Invoke-Peer crane push --insecure $file "${to}:1"
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") (Get-PeerConfig "${to}:1") 'configs'
    }
    Cell crane 'push of oci: as an index' crane {
        param($r) $folder = New-PeerPath; $to = New-PeerName $r
        $null = Copy-Peer "$r/seed/multi:1" "oci:${folder}:x"
        $null = Invoke-Peer crane push --insecure --index $folder "${to}:1"
        Assert-PeerWhole "${to}:1"
    }
    Cell umoci 'unpack of oci:' umoci {
        param($r) $folder = New-PeerPath; $bundle = New-PeerPath
        $null = Copy-Peer "$r/seed/single:1" "oci:${folder}:x"
        $null = Invoke-Peer umoci unpack --rootless --image "${folder}:x" $bundle
        if (-not (Test-Path "$bundle/rootfs")) { throw 'nothing was unpacked' }
    }

    # Conversions
    foreach ($option in @{ Compression = 'Zstd' }, @{ Compression = 'Gzip' }, @{ Format = 'Docker' }) {
        $name, $value = @($option.Keys)[0], @($option.Values)[0]
        $image = if ($value -eq 'Gzip') { 'zstd' } else { 'single' }
        $run = [scriptblock]::Create("param(`$r) `$to = New-PeerName `$r; `$null = Copy-Peer `"`$r/seed/$($image):1`" `"`${to}:1`" @{ $name = '$value' }; `$null = Invoke-Peer crane validate --insecure --remote `"`${to}:1`"")
        Cell crane "validate --remote of -$name $value" crane $run -Theirs $(if ($value -eq 'Zstd') { $onlyGzip })
        $run = [scriptblock]::Create("param(`$r) `$to = New-PeerName `$r; `$folder = New-PeerPath; `$null = Copy-Peer `"`$r/seed/$($image):1`" `"`${to}:1`" @{ $name = '$value' }
            `$null = Invoke-Peer skopeo copy --src-tls-verify=false --insecure-policy --all `"docker://`${to}:1`" `"oci:`${folder}:x`"")
        Cell skopeo "copy of -$name $value" skopeo $run
    }

    # Docker's engines, containerd, podman
    Cell 'dockerd, containerd store' 'docker push of what OciSync loaded: one digest' engine {
        param($r) $name = "peers.test/n$((++$Peers.Count))"; $to = New-PeerName $r
        $row = Copy-Peer "$r/seed/multi:1" "docker-daemon:${name}:1" @{ DaemonHost = (Get-PeerEngine engine) }
        Assert-PeerSame (Get-PeerDigest "$r/seed/multi:1") $row.Digest 'digests'
        Push-PeerEngine engine "${name}:1" $to 1
        Assert-PeerEqual "$r/seed/multi:1" "${to}:1"
    }
    Cell 'dockerd, containerd store' 'from the engine that OciSync loaded to a registry: one digest' engine {
        param($r) $name = "peers.test/n$((++$Peers.Count))"; $to = New-PeerName $r
        $null = Copy-Peer "$r/seed/multi:1" "docker-daemon:${name}:1" @{ DaemonHost = (Get-PeerEngine engine) }
        $null = Copy-Peer "docker-daemon:${name}:1" "${to}:1" @{ DaemonHost = (Get-PeerEngine engine); PreserveDigest = $true }
        Assert-PeerEqual "$r/seed/multi:1" "${to}:1"
        Assert-PeerSame 'UpToDate' (Copy-Peer "$r/seed/multi:1" "docker-daemon:${name}:1" @{ DaemonHost = (Get-PeerEngine engine) }).Status 'states'
    }
    foreach ($image in 'docker', 'zstd') {
        $run = [scriptblock]::Create("param(`$r) `$name = `"peers.test/n`$((++`$Peers.Count))`"; `$to = New-PeerName `$r
            `$null = Copy-Peer `"`$r/seed/$($image):1`" `"docker-daemon:`${name}:1`" @{ DaemonHost = (Get-PeerEngine engine) }
            Push-PeerEngine engine `"`${name}:1`" `$to 1
            Assert-PeerEqual `"`$r/seed/$($image):1`" `"`${to}:1`"")
        Cell 'dockerd, containerd store' "docker push of what OciSync loaded: the image '$image'" engine $run
    }
    foreach ($place in 'oci-archive', 'docker-archive') {
        $run = [scriptblock]::Create("param(`$r) `$file = New-PeerPath '.tar'; `$null = Copy-Peer `"`$r/seed/single:1`" `"$($place):`${file}:peers.test/load:1`"; Import-PeerEngine engine `$file")
        Cell 'dockerd, containerd store' "docker load of $($place):" engine $run
    }
    Cell 'dockerd, containerd store' 'docker pull of what OciSync copied' engine {
        param($r) $to = New-PeerName $r; $null = Copy-Peer "$r/seed/multi:1" "${to}:1"; Receive-PeerEngine engine $to 1
    }
    Cell 'dockerd, own store' 'docker load of docker-archive:' 'engine-classic' {
        param($r) $file = New-PeerPath '.tar'; $null = Copy-Peer "$r/seed/single:1" "docker-archive:${file}:peers.test/load:1"; Import-PeerEngine engine-classic $file
    }
    Cell 'dockerd, own store' 'docker-daemon: (config)' 'engine-classic' {
        param($r) $name = "peers.test/n$((++$Peers.Count))"
        $null = Copy-Peer "$r/seed/single:1" "docker-daemon:${name}:1" @{ DaemonHost = (Get-PeerEngine engine-classic) }
        $id = (Invoke-PeerEngine engine-classic "/images/${name}:1/json" | ConvertFrom-Json).Id
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") $id 'ids'
    }
    Cell 'dockerd, own store' 'docker pull of what OciSync copied' 'engine-classic' {
        param($r) $to = New-PeerName $r; $null = Copy-Peer "$r/seed/docker:1" "${to}:1"; Receive-PeerEngine engine-classic $to 1
    }
    foreach ($image in 'single', 'multi') {
        $run = [scriptblock]::Create("param(`$r) `$file = New-PeerPath '.tar'; `$name = `"peers.test/n`$((++`$Peers.Count)):1`"
            `$null = Copy-Peer `"`$r/seed/$($image):1`" `"oci-archive:`${file}:`$name`"
            `$null = Ctr images import --all-platforms --no-unpack `$file
            `$line = Ctr images ls `"name==`$name`" | Out-String
            if (`$line -notlike `"*`$(Get-PeerDigest `"`$r/seed/$($image):1`")*`") { throw `"ctr has: `$line`" }")
        Cell containerd "ctr images import of oci-archive:, the image '$image': one digest" 'containerd-itself' $run
    }
    foreach ($place in 'oci-archive', 'docker-archive') {
        $run = [scriptblock]::Create("param(`$r) `$file = New-PeerPath '.tar'; `$null = Copy-Peer `"`$r/seed/single:1`" `"$($place):`${file}:peers.test/load:1`"; `$null = Podman load -i `$file")
        Cell podman "load of $($place):" podman $run
    }
    Cell podman 'pull of what OciSync copied' podman {
        param($r) $to = New-PeerName $r; $null = Copy-Peer "$r/seed/multi:1" "${to}:1"; $null = Podman pull --tls-verify=false "${to}:1"
    }
    Cell podman 'its socket as docker-daemon:' 'podman-socket' {
        param($r) $name = "peers.test/n$((++$Peers.Count))"; $address = Get-PeerEngine podman-socket
        $null = Copy-Peer "$r/seed/single:1" "docker-daemon:${name}:1" @{ DaemonHost = $address }
        $id = (Invoke-PeerEngine podman-socket "/images/${name}:1/json" | ConvertFrom-Json).Id
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") "sha256:$($id -replace '^sha256:')" 'ids'
    }

    # Signatures that OciSync carried by a layout
    foreach ($tool in 'cosign', 'cosign-2') {
        $run = [scriptblock]::Create("
            param(`$r) `$made = New-PeerName `$r; `$to = New-PeerName `$r; `$folder = New-PeerPath
            `$null = Copy-Peer `"`$r/seed/single:1`" `"`${made}:1`"
            `$digest = Get-PeerDigest `"`${made}:1`"
            Add-PeerSignature $tool `"`$made@`$digest`"
            `$null = Copy-Peer `"`${made}:1`" `"oci:`${folder}:x:1`" @{ IncludeReferrer = `$true }
            `$null = Copy-Peer `"oci:`${folder}:x:1`" `"`${to}:1`" @{ IncludeReferrer = `$true }
            Assert-PeerSignature $tool `"`$to@`$digest`"")
        Cell $tool 'verify of a signature that went through a layout' $tool $run
    }
}
