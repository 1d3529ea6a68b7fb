# A Windows of Wine with the Windows build of PowerShell in it, and scripts that run there. Dot-source it with the folder for it; Close-Wine at the end.
param([Parameter(Mandatory = $true)][string] $Folder)

$script:WineDrive = Join-Path $Folder 'prefix/drive_c'
$script:WineSettings = @{
    WINEPREFIX = Join-Path $Folder 'prefix'; WINEARCH = 'win64'; WINEDEBUG = '-all'; WINEDLLOVERRIDES = 'mshtml='
    # Wine loses track of code that the runtime writes by the other of two addresses: "Internal CLR error" when it is collected.
    DOTNET_EnableWriteXorExecute = '0'
    DOTNET_ROOT = 'C:\dotnet'; POWERSHELL_TELEMETRY_OPTOUT = '1'; POWERSHELL_UPDATECHECK = 'Off'
}

# The programs that are not here. script gives PowerShell the terminal that it can't do without.
function Find-MissingProgram {
    'wine', 'wineserver', 'script', 'timeout' | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction SilentlyContinue) }
}

function Start-WineProgram {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Writes only into its own folder.')]
    param([string[]] $Command)
    $start = [System.Diagnostics.ProcessStartInfo]::new('timeout')
    foreach ($word in @('--kill-after=10', '600') + $Command) { $start.ArgumentList.Add($word) }
    foreach ($name in $WineSettings.Keys) { $start.Environment[$name] = $WineSettings[$name] }
    $null = $start.Environment.Remove('DISPLAY')
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $process.BeginOutputReadLine()
    $process.BeginErrorReadLine()
    return $process
}

function Invoke-WineProgram {
    param([string[]] $Command)
    $process = Start-WineProgram $Command
    $process.StandardInput.Close()
    $process.WaitForExit()
    if ($process.ExitCode -ne 0) { throw "'$Command' ended with $($process.ExitCode)." }
}

# A prefix with .NET and PowerShell laid out by hand: NuGet has no installers, and Wine needs none.
function Open-Wine {
    param([object] $Packages)
    $version = $Packages.WindowsRuntimeVersion
    $null = New-Item -ItemType Directory -Path $Folder -Force
    Invoke-WineProgram 'wine', 'wineboot', '-i'
    Invoke-WineProgram 'wine', 'reg', 'add', 'HKCU\Software\Wine', '/v', 'Version', '/d', 'win10', '/f'
    $parts = [ordered]@{
        "dotnet/shared/Microsoft.NETCore.App/$version" = "$($Packages.RuntimeFolder)/lib/net10.0", "$($Packages.RuntimeFolder)/native"
        "dotnet/shared/Microsoft.WindowsDesktop.App/$version" = "$($Packages.DesktopFolder)/lib/net10.0", "$($Packages.DesktopFolder)/native"
        "dotnet/host/fxr/$version" = "$($Packages.RuntimeFolder)/native/hostfxr.dll"
        'pwsh' = $Packages.ShellFolder
        'Pester' = $Packages.PesterFolder
    }
    foreach ($part in $parts.Keys) { $parts[$part] | ForEach-Object { Copy-ToWine -Path $_ -Target $part } }
    $null = New-Item -ItemType Directory -Path (Join-Path $WineDrive 'run')
}

# The content of a folder, or a file, into a folder of the drive C.
function Copy-ToWine {
    param([string] $Path, [string] $Target)
    $folder = New-Item -ItemType Directory -Path (Join-Path $WineDrive $Target) -Force
    $from = if (Test-Path -LiteralPath $Path -PathType Container) { Join-Path $Path '.' } else { $Path }
    & cp -r -- $from $folder.FullName
    if ($LASTEXITCODE -ne 0) { throw "'$Path' could not be copied ($LASTEXITCODE)." }
}

# Starts a script of C:\run. It has a terminal, and its output goes to C:\run\NAME.out: without a terminal pwsh.exe ends with 0 and does nothing.
function Start-WineScript {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Writes only into its own folder.')]
    param([string] $Name, [string] $Options = '')
    $lines = "@C:\pwsh\pwsh.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\run\$Name.ps1 $Options > C:\run\$Name.out 2>&1`r`n@exit /b %ERRORLEVEL%`r`n"
    Set-Content -LiteralPath (Join-Path $WineDrive "run/$Name.cmd") -Value $lines -NoNewline
    return Start-WineProgram 'script', '-qec', "wine cmd /c 'C:\run\$Name.cmd'", '/dev/null'
}

function Get-WineOutput {
    param([string] $Name)
    $path = Join-Path $WineDrive "run/$Name.out"
    if (Test-Path -LiteralPath $path) { Get-Content -LiteralPath $path } else { 'There was no output.' }
}

function Close-Wine {
    if (Test-Path -LiteralPath $WineSettings.WINEPREFIX) {
        # It ends with 1 where nothing of this prefix runs any more.
        $process = Start-WineProgram 'wineserver', '-k', '-w'
        $process.WaitForExit()
        Remove-Item -LiteralPath $WineSettings.WINEPREFIX -Recurse -Force
    }
}
