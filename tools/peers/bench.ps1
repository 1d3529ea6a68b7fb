# What the cells of the peers' matrix stand on: tools, registries, seeds, and ways to compare. Dot-sourced by tools/peers.ps1.

$script:Peers = @{ Tools = @{}; Versions = @{}; Registries = [ordered] @{}; Temp = $null; Count = 0; Processes = [System.Collections.Generic.List[object]]::new() }

# Names of tools, and how each tells its version.
$script:PeerTools = [ordered] @{
    'skopeo' = '--version'; 'skopeo-1.18' = '--version'; 'crane' = 'version'; 'oras' = 'version'; 'cosign' = 'version'; 'cosign-2' = 'version'
    'podman' = '--version'; 'conmon' = '--version'; 'crun' = '--version'; 'umoci' = '--version'; 'ctr' = '--version'; 'containerd' = '--version'; 'dockerd' = '--version'
}

function Open-PeerBench([string] $Folder, [switch] $Smoke) {
    $Peers.Temp = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-peers-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
    $Peers.Folder = $Folder
    $null = New-Item -ItemType Directory -Path $Peers.Temp
    foreach ($name in $PeerTools.Keys) {
        $places = @(if ($Folder) { "$Folder/bin/$name"; "$Folder/docker-bin/$name" }) | Where-Object { Test-Path $_ }
        $found = @($places) + @(Get-Command $name -CommandType Application -ErrorAction SilentlyContinue | Select-Object -ExpandProperty Source -First 1)
        if ($found.Count -gt 0 -and $found[0]) {
            $Peers.Tools[$name] = $found[0]
            $text = (& $found[0] $PeerTools[$name] 2>&1 | Out-String)
            $known = @(if ($Folder -and (Test-Path "$Folder/versions.txt")) { Get-Content "$Folder/versions.txt" | Where-Object { $_ -like "$name *" } })
            $Peers.Versions[$name] = if ($known.Count -gt 0) { $known[0].Substring($name.Length + 1) }
            elseif ($text -match '\d+\.\d+(\.\d+)?') { $Matches[0] } else { '' }
        }
    }

    # Without the referrers API, and with it.
    $Peers.Registries['without'] = (Start-TestServer 'docker-registry --no-access-log').address
    if (-not $Smoke) { $Peers.Registries['with'] = Open-TestRegistry }
    $env:COSIGN_PASSWORD = 'peers'
    $env:DOCKER_CONFIG = Join-Path $Peers.Temp 'docker'
    $null = New-Item -ItemType Directory -Path $env:DOCKER_CONFIG
    foreach ($address in $Peers.Registries.Values) {
        $null = Connect-OciRegistry $address -PlainHttp
        Add-PeerSeed $address 'seed/multi' '--platforms linux/amd64,linux/arm64 --attestation --seed 11'
        Add-PeerSeed $address 'seed/single' '--seed 12'
        Add-PeerSeed $address 'seed/docker' '--platforms linux/amd64,linux/arm64 --docker --seed 13'
        Add-PeerSeed $address 'seed/zstd' '--platforms linux/amd64,linux/arm64 --zstd --seed 14'
    }
}

function Close-PeerBench {
    Close-PeerEngine
    Close-TestRegistry
    if ($Peers.Temp) { Remove-Item -Recurse -Force $Peers.Temp -ErrorAction SilentlyContinue }
}

function Add-PeerSeed([string] $Address, [string] $Repository, [string] $Options) {
    $null = & dotnet $RegistryProgram seed $Address --repository $Repository --tags 1 @($Options -split ' ')
    if ($LASTEXITCODE -ne 0) { throw "$Repository could not be seeded." }
}

# A place of its own, for each cell.
function New-PeerPath([string] $Suffix = '') { Join-Path $Peers.Temp ('{0}{1}' -f (++$Peers.Count), $Suffix) }
function New-PeerName([string] $Address) { "$Address/peers/n$((++$Peers.Count))" }

# Runs a tool; its output, or a failure with what it said. Some say their errors at length: the last lines count.
function Invoke-Peer([string] $Name) {
    $tool = $Peers.Tools[$Name]
    $output = & $tool @args 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$Name $($args[0]) $($args[1]): $((@($output) | Select-Object -Last 3) -join ' ')" }
    return $output
}

function Skopeo { Invoke-Peer skopeo copy --src-tls-verify=false --dest-tls-verify=false --insecure-policy @args }

# The digest that a registry names, asked without OciSync.
function Get-PeerDigest([string] $Reference) {
    $null = $Reference -match '^([^/]+)/(.+):([^:]+)$'
    $accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json'
    $answer = Invoke-WebRequest "http://$($Matches[1])/v2/$($Matches[2])/manifests/$($Matches[3])" -Method Head -Headers @{ Accept = $accept } -SkipHeaderValidation
    return "$($answer.Headers['Docker-Content-Digest'])"
}

# Every manifest and blob of both is read and hashed by a walker that is no part of OciSync, and the digests are the same.
function Assert-PeerEqual([string] $One, [string] $Other) {
    $said = & dotnet $RegistryProgram check --equal $One $Other 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$One and $($Other): $($said -join ' ')" }
}

function Assert-PeerWhole([string] $Reference) {
    $said = & dotnet $RegistryProgram check $Reference 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$($Reference): $($said -join ' ')" }
}

# A copy of ours that has to succeed; its row.
function Copy-Peer([string] $Source, [string] $Destination, [hashtable] $Option = @{}) {
    $row = Copy-OciImage $Source $Destination @Option -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
    if ($row.Status -notin 'Copied', 'Updated', 'UpToDate') { throw "OciSync: $($row.ErrorId) $($row.Error)" }
    return $row
}

# The digest of an image's config: what an image keeps when its layers are packed otherwise.
function Get-PeerConfig([string] $Reference) {
    $null = $Reference -match '^([^/]+)/(.+):([^:]+)$'
    $accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json'
    $manifest = Invoke-RestMethod "http://$($Matches[1])/v2/$($Matches[2])/manifests/$($Matches[3])" -Headers @{ Accept = $accept } -SkipHeaderValidation
    if ($manifest -is [byte[]]) { $manifest = [System.Text.Encoding]::UTF8.GetString($manifest) | ConvertFrom-Json }
    return $manifest.config.digest
}

function Assert-PeerSame([string] $One, [string] $Other, [string] $What) {
    if ($One -ne $Other) { throw "$What differ: $One, $Other" }
}

# What speaks of an image there, by oras: digests of its referrers, sorted.
function Get-PeerReferrer([string] $Reference) {
    $found = Invoke-Peer oras discover --plain-http --format json $Reference | Out-String | ConvertFrom-Json
    $list = if ($found.PSObject.Properties['referrers']) { $found.referrers } else { $found.manifests }
    return (@($list | ForEach-Object digest) | Sort-Object) -join ' '
}

function New-PeerCell([string] $Tool, [string] $Name, [string[]] $Needs, [scriptblock] $Run, [switch] $Once, [switch] $Smoke, [string] $Theirs = '', [string] $Way) {
    [pscustomobject] @{ Tool = $Tool; Name = $Name; Needs = $Needs; Run = $Run; Once = [bool] $Once; Smoke = [bool] $Smoke; Theirs = $Theirs; Way = $Way }
}

# Runs cells, each with every registry unless it is about none. A fault of the other tool that is known has to show itself: else it is broken too.
function Invoke-PeerCell([object[]] $Cell) {
    foreach ($one in $Cell) {
        $names = if ($one.Once) { @('-') } else { @($Peers.Registries.Keys) }
        foreach ($name in $names) {
            $address = if ($one.Once) { @($Peers.Registries.Values)[0] } else { $Peers.Registries[$name] }
            $missing = @($one.Needs | Where-Object { -not $Peers.Tools[$_] -and -not (Test-PeerEngine $_) })
            $note = ''
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $result = if ($missing.Count -gt 0) { 'skipped'; $note = "$($missing -join ', ') missing" } else {
                try { $null = & $one.Run $address; if ($one.Theirs) { $note = "expected: $($one.Theirs)"; 'broken' } else { 'good' } }
                catch { $note = "$_" -replace '\s+', ' ' -replace [regex]::Escape($Peers.Temp), ''; if ($one.Theirs -and $note -like "*$($one.Theirs)*") { 'theirs' } else { 'broken' } }
            }

            Write-Host ('{0,-8} {1,5:0.0} s  {2}: {3} ({4}) {5}' -f $result, $clock.Elapsed.TotalSeconds, $one.Tool, $one.Name, $name, $(if ($result -ne 'good') { $note }))
            [pscustomobject] @{ Tool = $one.Tool; Name = $one.Name; Registry = $name; Result = "$result"; Note = $note; Theirs = $one.Theirs; Way = $one.Way }
        }
    }
}

function Write-PeerPage([string] $Path, [object[]] $Result) {
    $text = [System.IO.File]::ReadAllText($Path)
    $versions = ($PeerTools.Keys | Where-Object { $Peers.Versions[$_] -and $_ -notin 'conmon', 'crun' } | ForEach-Object { "$_ $($Peers.Versions[$_])" }) -join ', '
    $lines = [System.Collections.Generic.List[string]]::new()
    $count = @($Result | Where-Object Result -ne 'skipped').Count
    $lines.Add(('{0} cells, each a run of its own: {1} good, {2} that show a fault of the other tool, {3} broken; {4} skipped. Tools: {5}.' -f $count,
            @($Result | Where-Object Result -eq 'good').Count, @($Result | Where-Object Result -eq 'theirs').Count, @($Result | Where-Object Result -eq 'broken').Count,
            @($Result | Where-Object Result -eq 'skipped').Count, $versions))
    foreach ($way in 'What others write, read and copied by OciSync', 'What OciSync writes, taken by others') {
        $lines.AddRange([string[]] @('', "### $way", '', '| tool | what | docker-registry 2.8 (no referrers API) | embedded registry (referrers API) |', '| --- | --- | --- | --- |'))
        foreach ($group in ($Result | Where-Object Way -eq $way | Group-Object Tool, Name)) {
            $cells = @{}
            foreach ($row in $group.Group) { $cells[$row.Registry] = if ($row.Result -eq 'theirs') { "their fault: ``$($row.Theirs)``" } else { $row.Result } }
            $first = $group.Group[0]
            $texts = if ($cells.ContainsKey('-')) { $cells['-'], '(no registry of its own)' } else { $cells['without'], $cells['with'] }
            $lines.Add("| $($first.Tool) | $($first.Name) | $($texts[0]) | $($texts[1]) |")
        }
    }

    $begin, $end = '<!-- peers:begin -->', '<!-- peers:end -->'
    $before = $text.Substring(0, $text.IndexOf($begin) + $begin.Length)
    $after = $text.Substring($text.IndexOf($end))
    [System.IO.File]::WriteAllText($Path, $before + "`n" + ($lines -join "`n") + "`n" + $after)
}
