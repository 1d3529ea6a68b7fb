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

# Builds a project, a solution or a part of one. What was built without analyzers is compiled again when they are wanted, so nothing escapes them.
function Invoke-ProjectBuild {
    param([string] $Path, [string] $Configuration, [switch] $Analyze)
    $what = if ($Path -like '*demo.slnf') { 'the module and the test registry' } elseif ($Path -like '*.slnx') { 'everything' } else { $Path }
    $options = @('-nologo', '-v', 'quiet', '-consoleLoggerParameters:NoSummary')
    if (-not $Analyze) { $options += '-p:RunAnalyzers=false' }
    Write-Status "Building $what ..."
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    & dotnet build (Join-Path $script:Top $Path) -c $Configuration @options | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "The build failed (dotnet build ended with $LASTEXITCODE)." }
    Write-Status ('Built in {0:0} s.' -f $clock.Elapsed.TotalSeconds)
}

# Compiles the staged module ahead of time, for this system or for all that have it in the package.
function Add-NativeCode {
    param([switch] $All, [string] $Configuration)
    $known = 'linux-x64', 'linux-arm64', 'win-x64', 'osx-arm64'
    $here = if ($PSEdition -eq 'Core') { [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier } else { 'win-x64' }
    $wanted = @($known | Where-Object { $All -or $_ -eq $here })
    if ($wanted.Count -eq 0) { return }
    Write-Status "Compiling the module ahead of time for $($wanted -join ', ') ..."
    $code = Invoke-ProjectScript -Path 'tools/native.ps1' -ArgumentList @('-Runtime', ($wanted -join ','), '-Configuration', $Configuration)
    if ($code -ne 0) { throw 'The module could not be compiled ahead of time; -NoNativeCode leaves that out.' }
}

# What runs a script in a process of its own: the shell that runs this one. Where that is a DLL which dotnet runs (the .NET tool, the project's own
# package), it is started in the same way: the tool's shim is a process more, and signals don't go through it.
function Get-ScriptRunner {
    $program = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $options = @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File')
    if ([System.IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { $options = @(Join-Path $PSHOME 'pwsh.dll') + $options }
    return [pscustomobject]@{ Name = "PowerShell $($PSVersionTable.PSVersion)"; Command = $program; Arguments = $options }
}

# Runs a script of the project with the arguments given and returns its exit code.
function Invoke-ProjectScript {
    param([string] $Path, [string[]] $ArgumentList)
    $script = Join-Path $script:Top $Path
    if (-not (Test-Path -LiteralPath $script)) { throw "There is no $Path in this copy of the project." }
    $runner = Get-ScriptRunner
    & $runner.Command @($runner.Arguments) $script @ArgumentList | Out-Host
    return $LASTEXITCODE
}

# Of options, those that a script has a parameter for, with their values.
function Select-Option {
    param([string] $Path, [string[]] $ArgumentList)
    $known = (Get-Command $Path).Parameters
    $isTaken = $false
    foreach ($text in $ArgumentList) {
        if ($text.StartsWith('-')) { $isTaken = $known.ContainsKey($text.TrimStart('-')) }
        if ($isTaken) { $text }
    }
}

# Runs the scripts of a folder, or those of them whose names stand at the front of the arguments, each with those of the other arguments that it knows.
function Invoke-ScriptFolder {
    param([string] $Folder, [string[]] $ArgumentList)
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
    $chosen = @($scripts | Where-Object { $names.Count -eq 0 -or $names -contains $_.Name } | ForEach-Object FullName)
    foreach ($name in $options | Where-Object { $_ -like '-*' }) {
        if (-not ($chosen | Where-Object { (Get-Command $_).Parameters.ContainsKey($name.TrimStart('-')) })) { throw "None of these scripts has a parameter $name." }
    }

    $worst = 0
    foreach ($script in $chosen) {
        $code = Invoke-ProjectScript -Path "$Folder/$([System.IO.Path]::GetFileName($script))" -ArgumentList (Select-Option $script $options)
        if ($code -ne 0) { $worst = $code }
    }
    return $worst
}
