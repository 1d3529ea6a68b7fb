<#
.SYNOPSIS
    Brings what a sync file asks for into a folder, to be carried into a network without a way out (airgap-in.ps1).
.DESCRIPTION
    The folder is an OCI layout with each image under its whole name, and has contents.csv: every image and its digest. Run again, it gets
    what is new and keeps the rest. Exit code: 0 when every image is there, 2 when images were not found and nothing else failed, 1 for the rest, 130 when it
    was interrupted.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string[]] $ConfigPath,

    [Parameter(Mandatory = $true)]
    [string] $Folder
)

$ErrorActionPreference = 'Stop'
$interrupted = $true
try {
    $rows = @(Sync-OciImage -ConfigPath $ConfigPath -Destination "oci:$Folder" -Naming Path -ErrorAction SilentlyContinue)
    $interrupted = $false
} catch {
    $interrupted = $false
    throw
} finally {
    # pwsh -File would end with 0, as if all were there. A script that was typed at a prompt doesn't end the session.
    if ($interrupted -and -not $MyInvocation.Line) { $Host.SetShouldExit(130) }
}

$there = @($rows | Where-Object { $_.Status -in 'Copied', 'Updated', 'UpToDate' })
$there | Select-Object Source, Digest, BytesCopied | Export-Csv -Path (Join-Path $Folder 'contents.csv') -NoTypeInformation
$failed = @($rows | Where-Object { $_.Status -eq 'Failed' })
$failed | ForEach-Object { "Failed: $($_.Source): $($_.Error)" }
"$($there.Count) images in $Folder"
if ($failed.Count -eq 0) { exit 0 }
$lost = @($failed | Where-Object { $_.ErrorId -in 'OciManifestUnknown', 'OciRepositoryUnknown' })
if ($lost.Count -eq $failed.Count) { exit 2 }
exit 1
