<#
.SYNOPSIS
    Serves a folder of images until it is told to end: for a scheduled task of Windows that starts with the machine.
.DESCRIPTION
    Register it once, as an administrator:
        $action = New-ScheduledTaskAction -Execute pwsh -Argument '-NoProfile -File C:\ocisync\serve-folder.ps1 -Path D:\mirror -LogPath C:\ocisync\serve.log'
        Register-ScheduledTask OciSyncServer -Action $action -Trigger (New-ScheduledTaskTrigger -AtStartup) -User 'NT AUTHORITY\LOCAL SERVICE' -Settings (New-ScheduledTaskSettingsSet -ExecutionTimeLimit 0)
    The log has a line for each request. Windows PowerShell 5.1 runs it too (-Execute powershell).
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string] $Path,

    [int] $Port = 5000,

    [string] $LogPath,

    # What else Start-OciRegistryServer takes, such as @{ Address = '*'; CertificatePath = 'C:\ocisync\server.pfx' }.
    [hashtable] $Option = @{}
)

$ErrorActionPreference = 'Stop'
$interrupted = $true
try {
    if ($LogPath) {
        Start-OciRegistryServer -Path $Path -Port $Port @Option -Wait -Verbose *>&1 | ForEach-Object { "$_" } | Add-Content -LiteralPath $LogPath -Encoding UTF8
    } else {
        Start-OciRegistryServer -Path $Path -Port $Port @Option -Wait
    }
    $interrupted = $false
} catch {
    $interrupted = $false
    throw
} finally {
    if ($interrupted -and -not $MyInvocation.Line) { $Host.SetShouldExit(130) }
}
exit 0
