<#
.SYNOPSIS
    Brings a folder that airgap-out.ps1 filled into a registry.
.DESCRIPTION
    Every image goes below the destination under its whole name, and contents.csv tells whether all have arrived with the digests they left
    with. Exit code: 0 when they have, 2 when images of the list are not in the folder and nothing else failed, 1 for the rest, 130 when it
    was interrupted.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string] $Folder,

    [Parameter(Mandatory = $true)]
    [string[]] $Destination
)

$ErrorActionPreference = 'Stop'
$interrupted = $true
try {
    $rows = @(Sync-OciImage -Source "oci:$Folder" -Destination $Destination -Naming Path -ErrorAction SilentlyContinue)
    $interrupted = $false
} catch {
    $interrupted = $false
    throw
} finally {
    # pwsh -File would end with 0, as if all were there. A script that was typed at a prompt doesn't end the session.
    if ($interrupted -and -not $MyInvocation.Line) { $Host.SetShouldExit(130) }
}

$failed = @($rows | Where-Object { $_.Status -eq 'Failed' })
$failed | ForEach-Object { "Failed: $($_.Source) -> $($_.Destination): $($_.Error)" }
$arrived = @($rows | Where-Object { $_.Status -in 'Copied', 'Updated', 'UpToDate' } | ForEach-Object { $_.Digest })
$missing = @(Import-Csv -Path (Join-Path $Folder 'contents.csv') | Where-Object { $arrived -notcontains $_.Digest })
$missing | ForEach-Object { "Not in the folder: $($_.Source) $($_.Digest)" }
"$($rows.Count - $failed.Count) of $($rows.Count) images are in place"
if ($failed.Count -gt 0) { exit 1 }
if ($missing.Count -gt 0) { exit 2 }
exit 0
