<#
.SYNOPSIS
    Mirrors what a sync file asks for, with a log: for the task scheduler of Windows.
.DESCRIPTION
    Runs on Windows PowerShell 5.1 and on PowerShell 7. The exit code is the task's last result: 0 when every image is in place, 2 when images
    were not found and nothing else failed, 1 for the rest, 130 when it was interrupted. Logins are those that Connect-OciRegistry -Save stored for the user of the task.

    Make the task, as that user:
    schtasks /Create /TN OciSync /SC DAILY /ST 02:00 /TR "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\OciSync\scheduled-task.ps1 -ConfigPath C:\OciSync\mirror.yaml -Destination registry.corp.local/mirror -LogFolder C:\OciSync\logs"
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string[]] $ConfigPath,

    # By default those of the file.
    [string[]] $Destination = @(),

    [Parameter(Mandatory = $true)]
    [string] $LogFolder,

    # Logs that are older are removed.
    [int] $KeepDays = 30
)

$ErrorActionPreference = 'Stop'
$null = New-Item -ItemType Directory -Path $LogFolder -Force
$log = Join-Path $LogFolder ('mirror-' + (Get-Date).ToString('yyyyMMdd-HHmmss') + '.log')

function Write-Log([string] $Text) {
    Add-Content -LiteralPath $log -Value ((Get-Date).ToString('yyyy-MM-dd HH:mm:ss') + ' ' + $Text) -Encoding UTF8
}

$interrupted = $true
try {
    Get-ChildItem -LiteralPath $LogFolder | Where-Object { $_.Name -like 'mirror-*.log' -and $_.LastWriteTime -lt (Get-Date).AddDays(-$KeepDays) } |
        ForEach-Object { Remove-Item -LiteralPath $_.FullName }
    $where = @{}
    if ($Destination.Count -gt 0) { $where.Destination = $Destination }
    $rows = @(Sync-OciImage -ConfigPath $ConfigPath @where -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -WarningVariable warnings |
            ForEach-Object {
                Write-Log "$($_.Status) $($_.Source) -> $($_.Destination) $($_.Reason)"
                $_
            })
    $warnings | ForEach-Object { Write-Log "Warning: $_" }
    $interrupted = $false
} catch {
    $interrupted = $false

    # The file is wrong, or there is nothing to write to: no image was tried.
    Write-Log "Error: $_"
    exit 1
} finally {
    # pwsh -File would end with 0, as if all were there. A script that was typed at a prompt doesn't end the session.
    if ($interrupted -and -not $MyInvocation.Line) { $Host.SetShouldExit(130) }
}

$failed = @($rows | Where-Object { $_.Status -eq 'Failed' })
Write-Log "$($rows.Count) images, $($failed.Count) failed"
if ($failed.Count -eq 0) { exit 0 }
$lost = @($failed | Where-Object { 'OciManifestUnknown', 'OciRepositoryUnknown' -contains $_.ErrorId })
if ($lost.Count -eq $failed.Count) { exit 2 }
exit 1
