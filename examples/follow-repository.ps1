<#
.SYNOPSIS
    A nightly job that follows a Git repository: mirrors the images that its manifests, charts and pipelines name, each under its whole name.
.DESCRIPTION
    The repository is cloned, or brought up to date, by git; nothing in it is run or rendered, and links in it are not followed. What its files alone
    don't tell (templates, variables) is listed, and not guessed. -SyncFile writes what was found as a sync file, so that a change of the mirror can be
    looked at like any other. Exit code: 0 when all images are in place, 2 when images were not found and nothing else failed, 1 for the rest, 130 when
    it was interrupted.
#>
[CmdletBinding()]
param(
    # What git clones: an address, or a folder.
    [Parameter(Mandatory = $true)]
    [string] $Repository,

    # Where the clone is kept from night to night.
    [Parameter(Mandatory = $true)]
    [string] $Clone,

    [Parameter(Mandatory = $true)]
    [string] $Destination,

    [string] $Branch = 'main',

    # Folders and files in the repository.
    [string[]] $Path = @('.'),

    # Written anew each night: the sync file that says what is mirrored.
    [string] $SyncFile,

    # Rules of Find-OciImage that find nothing.
    [string[]] $ExcludeRule = @()
)

$ErrorActionPreference = 'Stop'
$interrupted = $true
try {
    if (Test-Path (Join-Path $Clone '.git')) {
        git -C $Clone fetch --quiet --depth 1 origin $Branch
        if ($LASTEXITCODE -eq 0) { git -C $Clone reset --quiet --hard FETCH_HEAD }
    } else {
        git clone --quiet --depth 1 --branch $Branch -- $Repository $Clone
    }
    if ($LASTEXITCODE -ne 0) { throw "git ended with $LASTEXITCODE." }

    $places = @($Path | ForEach-Object { Join-Path $Clone $_ })
    $more = @{ WarningAction = 'SilentlyContinue'; WarningVariable = 'told' }
    if ($ExcludeRule.Count -gt 0) { $more.ExcludeRule = $ExcludeRule }
    $found = @(Find-OciImage -Path $places -Recurse -Unique @more)
    $told | Select-Object -Unique | ForEach-Object { "Note: $_" }
    $images = @($found | Where-Object IsCertain)
    $found | Where-Object { -not $_.IsCertain } | ForEach-Object { "Not known: $($_.File)($($_.Line)): $($_.Text): $($_.Reason)" }
    "$($images.Count) images are named."

    $rows = @()
    if ($images.Count -gt 0) {
        if ($SyncFile) { $images | Export-OciSyncConfig $SyncFile -Force }
        $rows = @($images | Sync-OciImage $Destination -Naming Full -ErrorAction SilentlyContinue)
    }
    $interrupted = $false
} catch {
    $interrupted = $false
    throw
} finally {
    # pwsh -File would end with 0, as if all were there. A script that was typed at a prompt doesn't end the session.
    if ($interrupted -and -not $MyInvocation.Line) { $Host.SetShouldExit(130) }
}

$rows | Group-Object Status | ForEach-Object { "$($_.Count) $($_.Name)" }
$failed = @($rows | Where-Object Status -eq 'Failed')
foreach ($row in $failed) {
    $named = @($images | Where-Object { $_.Reference -eq $row.Source })
    "Failed: $($row.Source) ($($named[0].File), line $($named[0].Line)): $($row.Error)"
}
if ($failed.Count -eq 0) { exit 0 }
if (@($failed | Where-Object { $_.ErrorId -notin 'OciManifestUnknown', 'OciRepositoryUnknown' }).Count -eq 0) { exit 2 }
exit 1
