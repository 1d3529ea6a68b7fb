# Runs what other tools write through OciSync, and what OciSync writes through them, and writes the table of docs/peers.md: each cell is a run on real programs.
# -Folder names a folder with bin/{skopeo,skopeo-1.18,crane,oras,cosign,cosign-2,podman,umoci} and docker-bin/dockerd (with its containerd and runc), lib/podman (its helpers); what isn't there is
# taken from the PATH, and what is nowhere is told as skipped; versions.txt there tells those that a program doesn't tell itself (crane 0.20.7). As root, on Linux. -Only 'text' runs the cells with it in their names; -Smoke runs a slice that Debian
# 12 can play and writes nothing.
[CmdletBinding()]
param(
    [string] $Folder = $env:OCISYNC_PEERS,
    [string[]] $Only = @(),
    [switch] $Smoke,
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
. (Join-Path $top 'tests/Pester/Registries.ps1') -Configuration $Configuration
. (Join-Path $PSScriptRoot 'peers/bench.ps1')
. (Join-Path $PSScriptRoot 'peers/engines.ps1')
. (Join-Path $PSScriptRoot 'peers/theirs.ps1')
. (Join-Path $PSScriptRoot 'peers/ours.ps1')

try {
    Open-PeerBench -Folder $Folder -Smoke:$Smoke
    $cells = @(Get-TheirCell) + @(Get-OurCell)
    if ($Smoke) { $cells = @($cells | Where-Object { $_.Smoke }) }
    if ($Only.Count -gt 0) { $cells = @($cells | Where-Object { $cell = $_; @($Only | Where-Object { "$($cell.Tool) $($cell.Name)" -like "*$_*" }).Count -gt 0 }) }
    $results = @(Invoke-PeerCell $cells)
    $bad = @($results | Where-Object Result -eq 'broken')
    if (-not $Smoke -and $Only.Count -eq 0) { Write-PeerPage -Path (Join-Path $top 'docs/peers.md') -Result $results }
    foreach ($row in $bad) { Write-Host "broken: $($row.Tool) | $($row.Name) | $($row.Registry): $($row.Note)" }
    Write-Host ('{0} cells: {1} good, {2} of other tools'' faults, {3} broken, {4} skipped' -f $results.Count, @($results | Where-Object Result -eq 'good').Count,
        @($results | Where-Object Result -eq 'theirs').Count, $bad.Count, @($results | Where-Object Result -eq 'skipped').Count)
}
finally {
    Close-PeerBench
}

exit [int]($bad.Count -gt 0)
