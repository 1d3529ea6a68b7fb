# The main job, on registries of this machine: two source repositories, a choice of tags, two destinations, a second run
# that finds everything in place, and an independent reader that compares the digests.
[CmdletBinding()]
param([string] $Configuration = 'Release')

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
. (Join-Path $top 'tests/Pester/Registries.ps1') -Configuration $Configuration

function Invoke-Registry {
    & dotnet $RegistryProgram @args
    if ($LASTEXITCODE -ne 0) { throw "The test registry's '$args' failed with $LASTEXITCODE." }
}

function Show([string] $Text) { Write-Host "`n> $Text" }

$previousConfig = $env:CONTAINERS_REGISTRIES_CONF
try {
    Write-Host 'Starting three registries on this machine ...'
    $source = Open-TestRegistry
    $corp = Open-TestRegistry
    $backup = Open-TestRegistry
    Initialize-TestRegistry $source

    # Public names, local registries: what a registries.conf is for.
    $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
    $places = @{ 'docker.io' = $source; 'registry.k8s.io' = $source; 'registry.corp.local' = $corp; 'backup.corp.local' = $backup }
    $entries = foreach ($name in $places.Keys) { "[[registry]]`nprefix = `"$name`"`nlocation = `"$($places[$name])`"`ninsecure = true`n" }
    Set-Content -Path $env:CONTAINERS_REGISTRIES_CONF -Value ($entries -join "`n")

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
    $pairs = foreach ($row in $first) {
        $from = $row.Source -replace '^(docker\.io|registry\.k8s\.io)/', "$source/"
        $to = $row.Destination -replace '^registry\.corp\.local/', "$corp/" -replace '^backup\.corp\.local/', "$backup/"
        [pscustomobject]@{ From = $from; To = $to }
    }
    $digests = @{}
    $images = @(@($pairs.From) + @($pairs.To) | Sort-Object -Unique)
    foreach ($line in Invoke-Registry check @images) {
        $image, $digest = ($line -split ' ')[0..1]
        $digests[$image] = $digest
        $line
    }
    $different = @($pairs | Where-Object { -not $digests[$_.From] -or $digests[$_.From] -ne $digests[$_.To] })
    if ($different.Count -gt 0) { throw "The digests differ: $($different.From -join ', ')" }

    $wrong = @($first | Where-Object Status -ne 'Copied') + @($second | Where-Object Status -ne 'UpToDate')
    if (@($first).Count -ne 10 -or $wrong.Count -gt 0) { throw "The demo did not do what it should: $($wrong -join '; ')" }
    Write-Host "`n$(@($first).Count) images copied, $(@($second).Count) up to date the second time, all digests equal."
}
finally {
    $env:CONTAINERS_REGISTRIES_CONF = $previousConfig
    Close-TestRegistry
}
