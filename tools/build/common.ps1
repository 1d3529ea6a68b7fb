# Helpers of build.ps1. Nothing here may need more than Windows PowerShell 5.1.

$script:Top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)

function Write-Status {
    param([string] $Text)
    Write-Information $Text -InformationAction Continue
}

function Assert-DotNet {
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
        throw 'The .NET SDK is not installed, or dotnet is not on the PATH. Get version 10 or later from https://dotnet.microsoft.com/download'
    }
}

function Invoke-SolutionBuild {
    param([string] $Configuration)
    & dotnet build (Join-Path $script:Top 'OciSync.slnx') -c $Configuration -nologo -v quiet | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "The build failed (dotnet build ended with $LASTEXITCODE)." }
}

function Get-EngineHost {
    param([string] $Configuration)
    $program = Join-Path $script:Top "tools/OciSync.EngineHost/bin/$Configuration/net10.0/OciSync.EngineHost.dll"
    return [pscustomobject]@{ Name = 'engine host'; Command = 'dotnet'; Arguments = @($program, '-NoProfile', '-File') }
}

# What runs a script in a process of its own: the same kind of shell as this one.
function Get-ScriptRunner {
    param([string] $Configuration)
    if ($Host.Name -eq 'OciSync.EngineHost') { return Get-EngineHost -Configuration $Configuration }
    $shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    return [pscustomobject]@{ Name = 'PowerShell'; Command = $shell; Arguments = @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File') }
}

# Runs a script of the project with the arguments given and returns its exit code.
function Invoke-ProjectScript {
    param([string] $Path, [string[]] $ArgumentList, [string] $Configuration)
    $script = Join-Path $script:Top $Path
    if (-not (Test-Path -LiteralPath $script)) { throw "There is no $Path in this copy of the project." }
    $runner = Get-ScriptRunner -Configuration $Configuration
    & $runner.Command @($runner.Arguments) $script @ArgumentList | Out-Host
    return $LASTEXITCODE
}

# Runs the scripts of a folder, or those of them whose names stand at the front of the arguments, with the other arguments.
function Invoke-ScriptFolder {
    param([string] $Folder, [string[]] $ArgumentList, [string] $Configuration)
    $path = Join-Path $script:Top $Folder
    $scripts = @()
    if (Test-Path -LiteralPath $path) { $scripts = @(Get-ChildItem -Path $path -Filter '*.ps1' -File | Sort-Object Name) }
    if ($scripts.Count -eq 0) { throw "There is no script in $Folder/ in this copy of the project." }
    $names = @()
    foreach ($text in $ArgumentList) {
        if ($text.StartsWith('-')) { break }
        if ($scripts.Name -notcontains "$text.ps1") { throw "There is no $Folder/$text.ps1. There are: $(($scripts.Name -replace '\.ps1$', '') -join ', ')." }
        $names += "$text.ps1"
    }

    $options = @($ArgumentList | Select-Object -Skip $names.Count)
    $worst = 0
    foreach ($script in $scripts | Where-Object { $names.Count -eq 0 -or $names -contains $_.Name }) {
        $code = Invoke-ProjectScript -Path "$Folder/$($script.Name)" -ArgumentList $options -Configuration $Configuration
        if ($code -ne 0) { $worst = $code }
    }
    return $worst
}
