<#
.SYNOPSIS
    Compiles the cmdlets and the engine ahead of time and puts the result into a staged module, where PowerShell on .NET 10 takes it.
.DESCRIPTION
    A first command takes a good part of its time to compile the methods that it needs; with these files they are compiled already. Without them, on
    other systems and on an older .NET everything works as well. They are made of the very files of the module, and the next build removes them: an
    OciSync.PowerShell.dll of another build would not be taken for the module's own. What no first copy needs is not compiled (leave-out.ps1).
.OUTPUTS
    The folders that were made.
#>
[CmdletBinding()]
param(
    # The systems, by .NET's names; by default this one.
    [string[]] $Runtime,
    # The staged module.
    [string] $ModulePath,
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetDirectoryName($PSScriptRoot)
if (-not $ModulePath) { $ModulePath = [IO.Path]::Combine($root, 'out', 'OciSync') }
if (-not $Runtime) { $Runtime = @([Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier) }

$module = [IO.Path]::Combine([IO.Path]::GetFullPath($ModulePath), 'bin', 'net8.0')
if (-not [IO.Directory]::Exists([IO.Path]::Combine($module, 'deps'))) { throw "There is no staged module at '$ModulePath': build first." }
$project = [IO.Path]::Combine($PSScriptRoot, 'OciSync.Native', 'OciSync.Native.csproj')
$work = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'ocisync-native-' + [Guid]::NewGuid().ToString('N').Substring(0, 8))
try {
    $null = [IO.Directory]::CreateDirectory($work)
    $library = & dotnet msbuild $project -restore -t:FindLibrary -getProperty:CecilLibrary "-p:RuntimeIdentifier=$(@($Runtime -split ',')[0])" -nologo -v:quiet
    if ($LASTEXITCODE -ne 0) { throw "The packages can't be restored: $($library -join ' ')" }
    $engine = [IO.Path]::Combine($work, 'OciSync.Core.dll')
    & ([IO.Path]::Combine($PSScriptRoot, 'OciSync.Native', 'leave-out.ps1')) -Path ([IO.Path]::Combine($module, 'deps', 'OciSync.Core.dll')) -Target $engine -Library $library
    foreach ($one in $Runtime | ForEach-Object { $_ -split ',' }) {
        & dotnet msbuild $project -restore -t:CompileAhead -p:Configuration=$Configuration "-p:RuntimeIdentifier=$one" "-p:ModuleFolder=$module" `
            "-p:Engine=$engine" "-p:NativeFolder=$work" -nologo -v:quiet -consoleLoggerParameters:NoSummary | Out-Host
        if ($LASTEXITCODE -ne 0) { throw "The module could not be compiled for $one (dotnet msbuild ended with $LASTEXITCODE)." }
        foreach ($part in [IO.Path]::Combine('deps', "net10.0-$one"), "net10.0-$one") {
            $folder = [IO.Path]::Combine($module, $part)
            $null = [IO.Directory]::CreateDirectory($folder)
            foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($work, $part))) {
                [IO.File]::Copy($file, [IO.Path]::Combine($folder, [IO.Path]::GetFileName($file)), $true)
            }
            $folder
        }
    }
} finally {
    if ([IO.Directory]::Exists($work)) { [IO.Directory]::Delete($work, $true) }
}
