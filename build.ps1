# The one entry: build, test, demo, bench, reliability, soak, transports, fuzz, help, windows, package, install.
# Runs on PowerShell 7.4 and later, on Windows PowerShell 5.1, and by build.sh on the project's own engine host.
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'test', 'demo', 'bench', 'reliability', 'soak', 'transports', 'fuzz', 'help', 'windows', 'package', 'install')]
    [string] $Task = 'build',

    [string] $Configuration = 'Release',

    # test: only what has one of these texts in its name
    [string[]] $Filter = @(),

    # test: first install the registry servers that the integration tests use
    [switch] $InstallServers,

    # test: a test that is skipped for want of a server fails the run
    [switch] $RequireServers,

    # demo, bench, reliability, soak, transports, fuzz, help, windows, package, install: handed on to the script
    [Parameter(ValueFromRemainingArguments = $true)]
    [string[]] $ArgumentList = @()
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'tools/build/common.ps1')
. (Join-Path $PSScriptRoot 'tools/build/servers.ps1')
. (Join-Path $PSScriptRoot 'tools/build/tests.ps1')

Assert-DotNet
if ($ArgumentList.Count -gt 0 -and ($Task -eq 'build' -or $Task -eq 'test')) {
    throw "The task '$Task' does not know: $($ArgumentList -join ' ')"
}

switch ($Task) {
    'build' {
        Invoke-SolutionBuild -Configuration $Configuration
        $exitCode = 0
    }
    'test' {
        Invoke-SolutionBuild -Configuration $Configuration
        if ($InstallServers) { Install-RegistryServer }

        # powershell -File hands a list over as one text.
        $texts = @($Filter | ForEach-Object { $_ -split ',' })
        $exitCode = Invoke-AllTest -Configuration $Configuration -Filter $texts -RequireServers:$RequireServers
    }
    'bench' {
        Invoke-SolutionBuild -Configuration $Configuration
        $exitCode = Invoke-ScriptFolder -Folder 'bench' -ArgumentList $ArgumentList -Configuration $Configuration
    }
    'soak' {
        Invoke-SolutionBuild -Configuration $Configuration
        $exitCode = Invoke-ProjectScript -Path 'bench/soak/soak.ps1' -ArgumentList $ArgumentList -Configuration $Configuration
    }
    default {
        Invoke-SolutionBuild -Configuration $Configuration
        $exitCode = Invoke-ProjectScript -Path "tools/$Task.ps1" -ArgumentList $ArgumentList -Configuration $Configuration
    }
}

exit $exitCode
