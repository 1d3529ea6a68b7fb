<#
.SYNOPSIS
    A nightly job: mirrors what a sync file asks for, nothing younger than three days, and writes what the nodes need to pull from the mirror.
.DESCRIPTION
    -StatePath is kept from night to night: in it stands when each tag was first seen. -NodeFolder gets certs.d for containerd, to be copied to
    /etc/containerd/certs.d of the nodes. Exit code: 0 when all went well (what is held back for its youth is no failure), 2 when a registry's
    limit was reached (the text says when to go on), 1 for the rest, 130 when it was interrupted.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string[]] $ConfigPath,

    [Parameter(Mandatory = $true)]
    [string] $Destination,

    [Parameter(Mandatory = $true)]
    [string] $StatePath,

    [Parameter(Mandatory = $true)]
    [string] $NodeFolder,

    [string] $MinimumAge = '3d',

    [string[]] $Urgent = @()
)

$ErrorActionPreference = 'Stop'
$interrupted = $true
try {
    $rows = @(Sync-OciImage -ConfigPath $ConfigPath -Destination $Destination -Naming Full -MinimumAge $MinimumAge -MinimumAgeExempt $Urgent `
        -StatePath $StatePath -MaximumRequestRate docker.io=1000/m -ErrorAction SilentlyContinue)
    $interrupted = $false
} catch {
    $interrupted = $false
    throw
} finally {
    # pwsh -File would end with 0, as if all were there. A script that was typed at a prompt doesn't end the session.
    if ($interrupted -and -not $MyInvocation.Line) { $Host.SetShouldExit(130) }
}

$rows | Group-Object Status | ForEach-Object { "$($_.Count) $($_.Name)" }
$rows | Where-Object DueTime | ForEach-Object { "Not yet: $($_.Source), from $($_.DueTime.UtcDateTime.ToString('u'))" }
$failed = @($rows | Where-Object { $_.Status -eq 'Failed' })
$failed | ForEach-Object { "Failed: $($_.Source): $($_.Error)" }
if (@($rows | Where-Object { $_.Status -in 'Copied', 'Updated', 'UpToDate' }).Count -gt 0) {
    $rows | Export-OciMirrorConfig $NodeFolder -Format Containerd -WarningAction SilentlyContinue | ForEach-Object { "$($_.Status): $($_.Path)" }
}
if ($failed.Count -eq 0) { exit 0 }
if (@($failed | Where-Object { $_.ErrorId -ne 'OciRateLimited' }).Count -eq 0) { exit 2 }
exit 1
