<#
.SYNOPSIS
    Copies the staged module to the user's module path, as OciSync/<version>.
.DESCRIPTION
    The same version is replaced as a whole: the new files are complete beside the old ones before they take their place,
    and the old ones come back if that fails.
.OUTPUTS
    The folder of the installed module.
#>
[CmdletBinding()]
param(
    # A folder of modules; by default the user's own for this edition of PowerShell.
    [string] $Destination,
    # The staged module.
    [string] $ModulePath
)

$ErrorActionPreference = 'Stop'

function Get-UserModuleFolder {
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') {
        $product = if ($PSEdition -eq 'Desktop') { 'WindowsPowerShell' } else { 'PowerShell' }
        return [IO.Path]::Combine([Environment]::GetFolderPath('MyDocuments'), $product, 'Modules')
    }

    $data = [Environment]::GetEnvironmentVariable('XDG_DATA_HOME')
    if (-not $data) { $data = [IO.Path]::Combine([Environment]::GetFolderPath('UserProfile'), '.local', 'share') }
    [IO.Path]::Combine($data, 'powershell', 'Modules')
}

function Copy-Folder([string] $From, [string] $To) {
    foreach ($file in [IO.Directory]::GetFiles($From, '*', [IO.SearchOption]::AllDirectories)) {
        $target = [IO.Path]::Combine($To, $file.Substring($From.TrimEnd('\', '/').Length + 1))
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($target))
        [IO.File]::Copy($file, $target)
    }
}

function Switch-Folder([string] $New, [string] $Place, [string] $Old) {
    if (-not [IO.Directory]::Exists($Place)) {
        [IO.Directory]::Move($New, $Place)
        return
    }

    try {
        [IO.Directory]::Move($Place, $Old)
    } catch {
        throw "'$Place' can't be replaced: close the PowerShell sessions that have OciSync loaded and try again. $($_.Exception.Message)"
    }

    try {
        [IO.Directory]::Move($New, $Place)
    } catch {
        [IO.Directory]::Move($Old, $Place)
        throw
    }

    [IO.Directory]::Delete($Old, $true)
}

if (-not $ModulePath) { $ModulePath = [IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'out', 'OciSync') }
if (-not $Destination) { $Destination = Get-UserModuleFolder }
$ModulePath = [IO.Path]::GetFullPath($ModulePath)
$manifestPath = [IO.Path]::Combine($ModulePath, 'OciSync.psd1')
if (-not [IO.File]::Exists($manifestPath)) {
    throw "There is no staged module at '$ModulePath': build first."
}

$version = (& ([scriptblock]::Create([IO.File]::ReadAllText($manifestPath)))).ModuleVersion
$folder = [IO.Path]::Combine([IO.Path]::GetFullPath($Destination), 'OciSync')
$place = [IO.Path]::Combine($folder, $version)
$mark = [Guid]::NewGuid().ToString('N')
$new = [IO.Path]::Combine($folder, ".new-$mark")
try {
    Copy-Folder $ModulePath $new
    Switch-Folder $new $place ([IO.Path]::Combine($folder, ".old-$mark"))
} finally {
    if ([IO.Directory]::Exists($new)) { [IO.Directory]::Delete($new, $true) }
}

$place
