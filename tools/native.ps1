<#
.SYNOPSIS
    Compiles the engine ahead of time and puts the result into a staged module, where PowerShell on .NET 10 takes it.
.DESCRIPTION
    A first command takes a good part of its time to compile the methods that it needs; with these files they are compiled already. Without them, on
    other systems and on an older .NET everything works as well. The next build of the module removes them, so that they are never older than it.
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

# What a first command uses (registries.conf is TOML); the rest would make the package larger and nothing faster.
$assemblies = 'OciSync.Core.dll', 'Polly.Core.dll', 'Tomlyn.dll'
$deps = [IO.Path]::Combine($ModulePath, 'bin', 'net8.0', 'deps')
if (-not [IO.Directory]::Exists($deps)) { throw "There is no staged module at '$ModulePath': build first." }
$work = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'ocisync-native-' + [Guid]::NewGuid().ToString('N').Substring(0, 8))
try {
    foreach ($one in $Runtime | ForEach-Object { $_ -split ',' }) {
        $project = [IO.Path]::Combine($PSScriptRoot, 'OciSync.Native')
        $output = [IO.Path]::Combine($work, $one)
        & dotnet publish $project -c $Configuration -r $one -o $output -nologo -v quiet -consoleLoggerParameters:NoSummary | Out-Host
        if ($LASTEXITCODE -ne 0) { throw "The engine could not be compiled for $one (dotnet publish ended with $LASTEXITCODE)." }
        $folder = [IO.Path]::Combine($deps, "net10.0-$one")
        $null = [IO.Directory]::CreateDirectory($folder)
        foreach ($name in $assemblies) { [IO.File]::Copy([IO.Path]::Combine($output, $name), [IO.Path]::Combine($folder, $name), $true) }
        $folder
    }
} finally {
    if ([IO.Directory]::Exists($work)) { [IO.Directory]::Delete($work, $true) }
}
