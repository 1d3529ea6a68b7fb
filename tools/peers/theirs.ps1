# What other tools write, read and copied by OciSync: the digest, the referrers, or what an image keeps when its format has no digests. Each is one cell for each registry.

function Get-TheirCell {
    $way = 'What others write, read and copied by OciSync'
    function Cell([string] $Tool, [string] $Name, [string[]] $Needs, [scriptblock] $Run, [switch] $Smoke) {
        New-PeerCell -Tool $Tool -Name $Name -Needs $Needs -Run $Run -Smoke:$Smoke -Way $way
    }

    # crane
    foreach ($format in 'tarball', 'legacy') {
        $run = [scriptblock]::Create("
            param(`$r) `$file = New-PeerPath '.tar'; `$to = New-PeerName `$r
            `$null = Invoke-Peer crane pull --insecure --format=$format `"`$r/seed/single:1`" `$file
            `$null = Copy-Peer `"docker-archive:`$file`" `"`${to}:1`"
            Assert-PeerWhole `"`${to}:1`"
            Assert-PeerSame (Get-PeerConfig `"`$r/seed/single:1`") (Get-PeerConfig `"`${to}:1`") 'configs'")
        Cell crane "pull --format=$format, as docker-archive: (config and layers)" crane $run
    }

    foreach ($image in 'single', 'multi', 'docker', 'zstd') {
        $run = [scriptblock]::Create("
            param(`$r) `$folder = New-PeerPath; `$to = New-PeerName `$r
            `$null = Invoke-Peer crane pull --insecure --format=oci `"`$r/seed/$($image):1`" `$folder
            `$null = Copy-Peer `"oci:`$folder`" `"`${to}:1`"
            Assert-PeerEqual `"`$r/seed/$($image):1`" `"`${to}:1`"")
        Cell crane "pull --format=oci of the image '$image', as oci:" crane $run
    }

    Cell crane 'append of a layer' crane {
        param($r) $file = New-PeerPath '.tar'; $made = New-PeerName $r; $to = New-PeerName $r
        $folder = New-PeerPath; $null = New-Item -ItemType Directory $folder; Set-Content "$folder/added.txt" 'added'
        & tar -C $folder -cf $file added.txt
        $null = Invoke-Peer crane append --insecure --base "$r/seed/single:1" --new_layer $file --new_tag "${made}:1"
        $null = Copy-Peer "${made}:1" "${to}:1"
        Assert-PeerEqual "${made}:1" "${to}:1"
    }
    Cell crane 'mutate of labels and entrypoint' crane {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r
        $null = Invoke-Peer crane mutate --insecure "$r/seed/single:1" --label a=b --entrypoint /x --tag "${made}:1"
        $null = Copy-Peer "${made}:1" "${to}:1"
        Assert-PeerEqual "${made}:1" "${to}:1"
        Assert-PeerSame 'b' (Get-OciImageInfo "${to}:1").Labels['a'] 'labels'
    }
    Cell crane 'copy' crane {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r
        $null = Invoke-Peer crane copy --insecure "$r/seed/multi:1" "${made}:1"
        $null = Copy-Peer "${made}:1" "${to}:1"
        Assert-PeerEqual "$r/seed/multi:1" "${to}:1"
    }

    # oras
    Cell oras 'cp --to-oci-layout, as oci:' oras {
        param($r) $folder = New-PeerPath; $to = New-PeerName $r
        $null = Invoke-Peer oras cp --from-plain-http --to-oci-layout "$r/seed/multi:1" "${folder}:1"
        $null = Copy-Peer "oci:$folder" "${to}:1"
        Assert-PeerEqual "$r/seed/multi:1" "${to}:1"
    }
    Cell oras 'attach, then copied with its referrers' oras {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r
        $null = Copy-Peer "$r/seed/single:1" "${made}:1"
        Add-PeerReferrer "${made}:1"
        $row = Copy-Peer "${made}:1" "${to}:1" @{ IncludeReferrer = $true }
        Assert-PeerSame '2' "$($row.ReferrersCopied)" 'numbers of referrers'
        Assert-PeerSame (Get-PeerReferrer "${made}:1") (Get-PeerReferrer "${to}:1") 'referrers'
    }
    Cell oras 'cp -r --to-oci-layout with referrers, as oci:' oras {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r; $folder = New-PeerPath
        $null = Copy-Peer "$r/seed/single:1" "${made}:1"
        Add-PeerReferrer "${made}:1"
        $null = Invoke-Peer oras cp -r --from-plain-http --to-oci-layout "${made}:1" "${folder}:1"
        $null = Copy-Peer "oci:$folder" "${to}:1" @{ IncludeReferrer = $true }
        Assert-PeerSame (Get-PeerReferrer "${made}:1") (Get-PeerReferrer "${to}:1") 'referrers'
    }
    foreach ($kind in '.tar', '') {
        $run = [scriptblock]::Create("
            param(`$r) `$made = New-PeerName `$r; `$to = New-PeerName `$r; `$file = New-PeerPath '$kind'
            `$null = Copy-Peer `"`$r/seed/multi:1`" `"`${made}:1`"
            Add-PeerReferrer `"`${made}:1`"
            `$null = Invoke-Peer oras backup --plain-http --include-referrers -o `$file `"`${made}:1`"
            `$null = Copy-Peer `"$(if ($kind) { 'oci-archive' } else { 'oci' }):`${file}:1`" `"`${to}:1`" @{ IncludeReferrer = `$true }
            Assert-PeerEqual `"`${made}:1`" `"`${to}:1`"
            Assert-PeerSame (Get-PeerReferrer `"`${made}:1`") (Get-PeerReferrer `"`${to}:1`") 'referrers'")
        Cell oras "backup --include-referrers into a $(if ($kind) { 'tar file, as oci-archive:' } else { 'folder, as oci:' })" oras $run
    }
    Cell oras 'push of an artifact' oras {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r; $file = New-PeerPath '.txt'; Set-Content $file 'content'
        $null = Invoke-Peer oras push --plain-http --disable-path-validation --artifact-type application/vnd.test "${made}:1" "${file}:text/plain"
        $null = Copy-Peer "${made}:1" "${to}:1"
        Assert-PeerEqual "${made}:1" "${to}:1"
    }
    Cell oras 'manifest index create' oras {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r
        $null = Copy-Peer "$r/seed/single:1" "${made}:a"
        $null = Invoke-Peer oras manifest index create --plain-http "${made}:1" a
        $null = Copy-Peer "${made}:1" "${to}:1"
        Assert-PeerEqual "${made}:1" "${to}:1"
    }

    # skopeo, new and newest
    foreach ($tool in 'skopeo', 'skopeo-1.18') {
        foreach ($place in 'dir', 'oci', 'oci-archive') {
            $run = [scriptblock]::Create("
                param(`$r) `$path = New-PeerPath; `$to = New-PeerName `$r
                `$null = Invoke-Peer $tool copy --src-tls-verify=false --insecure-policy --all --preserve-digests `"docker://`$r/seed/multi:1`" `"$($place):`${path}$(if ($place -ne 'dir') { ':x' })`"
                `$null = Copy-Peer `"$($place):`${path}$(if ($place -ne 'dir') { ':x' })`" `"`${to}:1`"
                Assert-PeerEqual `"`$r/seed/multi:1`" `"`${to}:1`"")
            Cell $tool "$($place): of a whole image" $tool $run -Smoke:($tool -eq 'skopeo')
        }
    }
    Cell skopeo 'docker-archive: (config and layers)' skopeo {
        param($r) $file = New-PeerPath '.tar'; $to = New-PeerName $r
        $null = Skopeo "docker://$r/seed/single:1" "docker-archive:${file}:a/b:1"
        $null = Copy-Peer "docker-archive:$file" "${to}:1"
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") (Get-PeerConfig "${to}:1") 'configs'
        Assert-PeerWhole "${to}:1"
    } -Smoke
    foreach ($format in 'zstd', 'zstd:chunked') {
        $run = [scriptblock]::Create("
            param(`$r) `$made = New-PeerName `$r; `$to = New-PeerName `$r
            `$null = Skopeo --all --dest-compress-format $format --dest-force-compress-format `"docker://`$r/seed/multi:1`" `"docker://`${made}:1`"
            `$null = Copy-Peer `"`${made}:1`" `"`${to}:1`"
            Assert-PeerEqual `"`${made}:1`" `"`${to}:1`"")
        Cell skopeo "images packed with $format" skopeo $run
    }
    Cell skopeo '--format v2s2' skopeo {
        param($r) $made = New-PeerName $r; $to = New-PeerName $r
        $null = Skopeo --format v2s2 "docker://$r/seed/single:1" "docker://${made}:1"
        $null = Copy-Peer "${made}:1" "${to}:1"
        Assert-PeerEqual "${made}:1" "${to}:1"
    } -Smoke

    # cosign, old and new
    foreach ($tool in 'cosign', 'cosign-2') {
        foreach ($way in @{ What = 'Signature'; How = 'sign by a key' }, @{ What = 'Attestation'; How = 'attest' }) {
            $run = [scriptblock]::Create("
                param(`$r) `$made = New-PeerName `$r; `$to = New-PeerName `$r
                `$null = Copy-Peer `"`$r/seed/single:1`" `"`${made}:1`"
                `$digest = Get-PeerDigest `"`${made}:1`"
                Add-Peer$($way.What) $tool `"`$made@`$digest`"
                `$row = Copy-Peer `"`${made}:1`" `"`${to}:1`" @{ IncludeReferrer = `$true }
                if (`$row.ReferrersCopied -lt 1) { throw 'no $($way.What.ToLowerInvariant()) came along' }
                Assert-Peer$($way.What) $tool `"`$to@`$digest`"")
            Cell $tool "$($way.How), then copied and verified there" $tool $run
        }
    }

    # Docker's engines
    Cell 'dockerd, containerd store' 'docker save of a whole image, as oci-archive:' engine {
        param($r) $file = New-PeerPath '.tar'; $to = New-PeerName $r; $name = New-PeerName $r
        $null = Copy-Peer "$r/seed/multi:1" "docker-daemon:${name}:1" @{ DaemonHost = (Get-PeerEngine engine) }
        Save-PeerEngine engine "${name}:1" $file
        $null = Copy-Peer "oci-archive:$file" "${to}:1"
        Assert-PeerEqual "$r/seed/multi:1" "${to}:1"
    }
    Cell 'dockerd, containerd store' 'docker pull, then docker-daemon: by -Platform (config and layers)' engine {
        param($r) $to = New-PeerName $r
        Receive-PeerEngine engine "$r/seed/multi" 1
        $row = Copy-Peer "docker-daemon:$r/seed/multi:1" "${to}:1" @{ DaemonHost = (Get-PeerEngine engine); Platform = 'linux/amd64' }
        Assert-PeerSame $row.Digest (Get-PeerDigest "${to}:1") 'digests'
        Assert-PeerSame (Get-PeerDigest "$r/seed/multi:1") $row.SourceDigest 'digests of the index'
        Assert-PeerWhole "${to}:1"
    }
    Cell 'dockerd, containerd store' 'docker pull of another platform, then docker-daemon:' engine {
        param($r) $to = New-PeerName $r; $name = New-PeerName $r
        $null = Copy-Peer "$r/seed/multi:1" "${name}:1"
        Receive-PeerEngine engine $name 1 linux/arm64
        $null = Copy-Peer "docker-daemon:${name}:1" "${to}:1" @{ DaemonHost = (Get-PeerEngine engine); Platform = 'linux/arm64' }
        Assert-PeerWhole "${to}:1"
    }
    Cell 'dockerd, own store' 'docker pull and save, as docker-archive: (config and layers)' 'engine-classic' {
        param($r) $file = New-PeerPath '.tar'; $to = New-PeerName $r
        Receive-PeerEngine engine-classic "$r/seed/single" 1
        Save-PeerEngine engine-classic "$r/seed/single:1" $file
        $null = Copy-Peer "docker-archive:$file" "${to}:1"
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") (Get-PeerConfig "${to}:1") 'configs'
    }
    Cell 'dockerd, own store' 'docker pull, then docker-daemon:; the row says what is lost' 'engine-classic' {
        param($r) $to = New-PeerName $r
        Receive-PeerEngine engine-classic "$r/seed/single" 1
        $row = Copy-Peer "docker-daemon:$r/seed/single:1" "${to}:1" @{ DaemonHost = (Get-PeerEngine engine-classic) }
        if ($row.Reason -notlike '*the digest by which it was pulled is lost*') { throw "Reason: $($row.Reason)" }
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") (Get-PeerConfig "${to}:1") 'configs'
    }

    Cell containerd 'ctr images export of a whole image, as oci-archive:' 'containerd-itself' {
        param($r) $file = New-PeerPath '.tar'; $out = New-PeerPath '.tar'; $to = New-PeerName $r; $name = "peers.test/n$((++$Peers.Count)):1"
        $null = Copy-Peer "$r/seed/multi:1" "oci-archive:${file}:$name"
        $null = Ctr images import --all-platforms --no-unpack $file
        $null = Ctr images export --all-platforms $out $name
        $null = Copy-Peer "oci-archive:$out" "${to}:1"
        Assert-PeerEqual "$r/seed/multi:1" "${to}:1"
    }

    # podman and umoci
    foreach ($format in 'docker-archive', 'oci-archive', 'docker-dir', 'oci-dir') {
        $ours = @{ 'docker-archive' = 'docker-archive'; 'oci-archive' = 'oci-archive'; 'docker-dir' = 'dir'; 'oci-dir' = 'oci' }[$format]
        $run = [scriptblock]::Create("
            param(`$r) `$path = New-PeerPath; `$to = New-PeerName `$r
            `$null = Podman pull --tls-verify=false `"`$r/seed/single:1`"
            `$null = Podman save --format $format -o `$path `"`$r/seed/single:1`"
            `$null = Copy-Peer `"$($ours):`${path}`" `"`${to}:1`"
            Assert-PeerSame (Get-PeerConfig `"`$r/seed/single:1`") (Get-PeerConfig `"`${to}:1`") 'configs'
            Assert-PeerWhole `"`${to}:1`"")
        Cell podman "save --format $format, as $($ours): (config and layers)" podman $run
    }
    Cell podman 'its socket as docker-daemon: (config and layers)' 'podman-socket' {
        param($r) $to = New-PeerName $r
        $address = Get-PeerEngine podman-socket
        $null = Podman pull --tls-verify=false "$r/seed/single:1"
        $null = Copy-Peer "docker-daemon:$r/seed/single:1" "${to}:1" @{ DaemonHost = $address }
        Assert-PeerSame (Get-PeerConfig "$r/seed/single:1") (Get-PeerConfig "${to}:1") 'configs'
    }
    Cell umoci 'repack of a layout of skopeo' umoci, skopeo {
        param($r) $folder = New-PeerPath; $to = New-PeerName $r
        $null = Skopeo "docker://$r/seed/single:1" "oci:${folder}:x"
        $null = Invoke-Peer umoci config --image "${folder}:x" --tag y --config.label a=b
        $null = Copy-Peer "oci:${folder}:y" "${to}:1"
        Assert-PeerSame 'b' (Get-OciImageInfo "${to}:1").Labels['a'] 'labels'
        Assert-PeerWhole "${to}:1"
    }
}

# Two referrers, by oras.
function Add-PeerReferrer([string] $Reference) {
    foreach ($type in 'application/vnd.test.sbom', 'application/vnd.test.note') {
        $file = New-PeerPath '.txt'
        Set-Content $file "of $type"
        $null = Invoke-Peer oras attach --plain-http --disable-path-validation --artifact-type $type $Reference "${file}:text/plain"
    }
}

function Get-PeerKey([string] $Tool) {
    $prefix = Join-Path $Peers.Temp "key-$Tool"
    if (-not (Test-Path "$prefix.key")) { $null = Invoke-Peer $Tool generate-key-pair --output-key-prefix $prefix }
    return $prefix
}

# cosign 3 asks for a service of the Internet where it isn't told not to.
function Get-PeerOffline([string] $Tool) { if ($Tool -eq 'cosign') { '--use-signing-config=false' } }

function Add-PeerSignature([string] $Tool, [string] $Image) {
    $null = Invoke-Peer $Tool sign --key "$(Get-PeerKey $Tool).key" --tlog-upload=false @(Get-PeerOffline $Tool) --allow-http-registry --allow-insecure-registry -y $Image
}

function Assert-PeerSignature([string] $Tool, [string] $Image) {
    $null = Invoke-Peer $Tool verify --key "$(Get-PeerKey $Tool).pub" --insecure-ignore-tlog=true --allow-http-registry --allow-insecure-registry $Image
}

function Add-PeerAttestation([string] $Tool, [string] $Image) {
    $file = Join-Path $Peers.Temp 'predicate.json'
    Set-Content $file '{"made":"by a test"}'
    $null = Invoke-Peer $Tool attest --key "$(Get-PeerKey $Tool).key" --predicate $file --type custom --tlog-upload=false @(Get-PeerOffline $Tool) --allow-http-registry --allow-insecure-registry -y $Image
}

function Assert-PeerAttestation([string] $Tool, [string] $Image) {
    $null = Invoke-Peer $Tool verify-attestation --key "$(Get-PeerKey $Tool).pub" --type custom --insecure-ignore-tlog=true --allow-http-registry --allow-insecure-registry $Image
}
