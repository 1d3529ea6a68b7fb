# The one entry: build, test, demo, bench, reliability, soak, transports, peers, signatures, fuzz, help, windows, package, install.
# Runs on PowerShell 7.4 and later and on Windows PowerShell 5.1; build.sh runs it where there is neither.
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'test', 'demo', 'bench', 'reliability', 'soak', 'transports', 'peers', 'signatures', 'fuzz', 'help', 'windows', 'package', 'install')]
    [string] $Task = 'build',

    [string] $Configuration = 'Release',

    # test: only what has one of these texts in its name
    [string[]] $Filter = @(),

    # test: only the suites with one of these texts in their names, as in -Suite Pester
    [string[]] $Suite = @(),

    # test: another Pester than the project's own, as in -PesterVersion 5.9.1
    [string] $PesterVersion = '',

    # test: first install the registry servers that the integration tests use
    [switch] $InstallServers,

    # test: a test that is skipped for want of a server fails the run
    [switch] $RequireServers,

    # bench, package, install: leave out the code that is compiled ahead of time (docs/adr/0028), which needs packages of .NET for each system
    [switch] $NoNativeCode,

    # demo, bench, reliability, soak, transports, peers, signatures, fuzz, help, package, install: handed on to the script
    [Parameter(ValueFromRemainingArguments = $true)]
    [string[]] $ArgumentList = @()
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'tools/build/common.ps1')
. (Join-Path $PSScriptRoot 'tools/build/servers.ps1')
. (Join-Path $PSScriptRoot 'tools/build/suites.ps1')
. (Join-Path $PSScriptRoot 'tools/build/tests.ps1')

Assert-DotNet
if ($ArgumentList.Count -gt 0 -and ($Task -eq 'build' -or $Task -eq 'test')) {
    throw "The task '$Task' does not know: $($ArgumentList -join ' ')"
}

# What a task needs is built, and no more; fuzz and help build their programs themselves. Analyzers take longer than the compiler: the tests have them run.
$module = 'src/OciSync.PowerShell'
$projects = @{
    build = $module; test = 'OciSync.slnx'; demo = 'tools/build/demo.slnf'; bench = 'tools/build/demo.slnf'
    soak = 'tests/OciSync.Module.Tests'; reliability = 'tests/OciSync.Core.Tests'; transports = 'tests/OciSync.Core.Tests'
    signatures = 'tests/OciSync.Core.Tests'
    package = $module; install = $module; windows = 'tools/build/demo.slnf'; peers = 'tools/build/demo.slnf'
}
$installation = if ($Task -eq 'test' -and $InstallServers) { Start-ServerInstallation }
if ($projects.ContainsKey($Task)) { Invoke-ProjectBuild -Path $projects[$Task] -Configuration $Configuration -Analyze:($Task -eq 'test') }

# Measured and installed is what users get: with native code for this system, in the package for all.
if ($Task -in 'bench', 'install', 'package' -and -not $NoNativeCode) { Add-NativeCode -All:($Task -eq 'package') -Configuration $Configuration }

switch ($Task) {
    'build' {
        $exitCode = 0
    }
    'test' {
        Wait-ServerInstallation $installation

        # powershell -File hands a list over as one text.
        $texts = @($Filter | ForEach-Object { $_ -split ',' })
        $suites = @($Suite | ForEach-Object { $_ -split ',' })
        $options = @{ Configuration = $Configuration; PesterVersion = $PesterVersion; RequireServers = $RequireServers }
        $exitCode = Invoke-AllTest -Filter $texts -Suite $suites @options
    }
    'bench' {
        $exitCode = Invoke-ScriptFolder -Folder 'bench' -ArgumentList $ArgumentList
    }
    'soak' {
        $exitCode = Invoke-ProjectScript -Path 'bench/soak/soak.ps1' -ArgumentList $ArgumentList
    }
    default {
        $exitCode = Invoke-ProjectScript -Path "tools/$Task.ps1" -ArgumentList $ArgumentList
    }
}

exit $exitCode
