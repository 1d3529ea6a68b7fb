# The main job, on registries of this machine: two source repositories, a choice of tags, two destinations, a second run
# that finds everything in place, and an independent reader that compares the digests.
[CmdletBinding()]
param([string] $Configuration = 'Release')

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
$registryProgram = Join-Path $top "tests/OciSync.TestRegistry/bin/$Configuration/net10.0/OciSync.TestRegistry.dll"
$work = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-demo-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
$processes = New-Object System.Collections.Generic.List[System.Diagnostics.Process]

function Open-DemoRegistry([string] $Name) {
    $ready = Join-Path $work "$Name.json"
    $start = New-Object System.Diagnostics.ProcessStartInfo 'dotnet'
    $start.Arguments = "`"$registryProgram`" serve --parent-pid $PID --ready-file `"$ready`""
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $processes.Add([System.Diagnostics.Process]::Start($start))
    for ($i = 0; $i -lt 200 -and -not (Test-Path $ready); $i++) { [System.Threading.Thread]::Sleep(50) }
    if (-not (Test-Path $ready)) { throw "The registry '$Name' did not start." }
    (Get-Content -Raw $ready | ConvertFrom-Json).address
}

function Invoke-Registry {
    & dotnet $registryProgram @args
    if ($LASTEXITCODE -ne 0) { throw "The test registry's '$args' failed with $LASTEXITCODE." }
}

function Show([string] $Text) { Write-Host "`n> $Text" }

$previousConfig = $env:CONTAINERS_REGISTRIES_CONF
try {
    $null = New-Item -ItemType Directory -Path $work -Force
    $source = Open-DemoRegistry 'source'
    $corp = Open-DemoRegistry 'corp'
    $backup = Open-DemoRegistry 'backup'
    Invoke-Registry seed $source --set demo

    # Public names, local registries: what a registries.conf is for.
    $env:CONTAINERS_REGISTRIES_CONF = Join-Path $work 'registries.conf'
    $places = @{ 'docker.io' = $source; 'registry.k8s.io' = $source; 'registry.corp.local' = $corp; 'backup.corp.local' = $backup }
    $entries = foreach ($name in $places.Keys) { "[[registry]]`nprefix = `"$name`"`nlocation = `"$($places[$name])`"`ninsecure = true`n" }
    Set-Content -Path $env:CONTAINERS_REGISTRIES_CONF -Value ($entries -join "`n")

    Import-Module (Join-Path $top 'out/OciSync/OciSync.psd1') -Force

    Show 'Get-OciTag registry.k8s.io/pause | Select-Object -Last 5'
    Get-OciTag registry.k8s.io/pause | Select-Object -Last 5 | Out-Default

    $choose = {
        Get-OciTag docker.io/library/alpine | Where-Object Version -ge '3.17' | Select-Object -Last 3
        Get-OciTag registry.k8s.io/pause | Where-Object Version -ge '3.8' | Select-Object -Last 2
    }

    Show @'
& {
    Get-OciTag docker.io/library/alpine | Where-Object Version -ge '3.17' | Select-Object -Last 3
    Get-OciTag registry.k8s.io/pause | Where-Object Version -ge '3.8' | Select-Object -Last 2
} | Sync-OciImage registry.corp.local/mirror, backup.corp.local/me
'@
    $first = & $choose | Sync-OciImage registry.corp.local/mirror, backup.corp.local/me
    $first | Out-Default

    Show 'The same again:'
    $second = & $choose | Sync-OciImage registry.corp.local/mirror, backup.corp.local/me
    $second | Out-Default

    Show 'An independent reader compares the digests, down to the blobs:'
    foreach ($row in $first) {
        $from = $row.Source -replace '^(docker\.io|registry\.k8s\.io)/', "$source/"
        $to = $row.Destination -replace '^registry\.corp\.local/', "$corp/" -replace '^backup\.corp\.local/', "$backup/"
        Invoke-Registry check --equal $from $to
    }

    $wrong = @($first | Where-Object Status -ne 'Copied') + @($second | Where-Object Status -ne 'UpToDate')
    if (@($first).Count -ne 10 -or $wrong.Count -gt 0) { throw "The demo did not do what it should: $($wrong -join '; ')" }
    Write-Host "`n$(@($first).Count) images copied, $(@($second).Count) up to date the second time, all digests equal."
}
finally {
    $env:CONTAINERS_REGISTRIES_CONF = $previousConfig
    foreach ($process in $processes) {
        if (-not $process.HasExited) { $process.Kill() }
        $process.Dispose()
    }
    if (Test-Path $work) { Remove-Item -Recurse -Force $work }
}
