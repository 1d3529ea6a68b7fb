# Runs the module in the Windows build of PowerShell, on Wine, against registries on this machine: tests/Windows, and Ctrl+C. What Wine can't show
# (trust of certificates, links, rights) is not tried. Without Wine it is told as skipped.
[CmdletBinding()]
param(
    # Where to write the account that the test task counts
    [string] $ResultPath = '',

    # Texts that names must contain, parted by |
    [string] $Filter = '',

    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$top = Split-Path -Parent $PSScriptRoot
$folder = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-wine-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
. (Join-Path $PSScriptRoot 'windows/wine.ps1') -Folder $folder

function Write-Account([int] $Passed, [object[]] $Failed, [object[]] $Skipped) {
    $account = [ordered]@{ Passed = $Passed; Failed = @($Failed | Where-Object { $_ }); Skipped = @($Skipped | Where-Object { $_ }) }
    if ($ResultPath) { $account | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $ResultPath -Encoding utf8 }
    foreach ($note in $account.Failed) { Write-Host "FAILED $($note.Name)`n    $($note.Text)" }
    foreach ($note in $account.Skipped) { Write-Host "SKIPPED $($note.Name): $($note.Text)" }
    Write-Host "PowerShell for Windows on Wine: $Passed passed, $($account.Failed.Count) failed, $($account.Skipped.Count) skipped"
}

function Find-Package {
    $names = 'ShellFolder,PesterFolder,RuntimeFolder,DesktopFolder,WindowsRuntimeVersion'
    $project = Join-Path $PSScriptRoot 'windows/Windows.csproj'
    $found = & dotnet msbuild $project -restore -t:FindPackages "-getProperty:$names" -nologo -v:quiet
    if ($LASTEXITCODE -ne 0) { throw "The packages can't be restored: $($found -join ' ')" }
    return ($found -join "`n" | ConvertFrom-Json).Properties
}

# The Pester files, in one process there.
function Invoke-WindowsTest([string[]] $Registries) {
    Copy-ToWine -Path (Join-Path $top 'tests/Windows') -Target 'tests'
    Copy-ToWine -Path (Join-Path $top 'tools/build/run-pester.ps1') -Target 'run'
    Copy-ToWine -Path (Join-Path $PSScriptRoot 'windows/tests.ps1') -Target 'run'
    $process = Start-WineScript -Name 'tests' -Options "-Registries $($Registries -join ',') -Filter `"$Filter`""
    $process.StandardInput.Close()
    $process.WaitForExit()
    Get-WineOutput 'tests' | Out-Host
    $result = Join-Path $WineDrive 'run/result.json'
    if (Test-Path -LiteralPath $result) { return Get-Content -Raw -LiteralPath $result | ConvertFrom-Json }
    $text = "It ended with $($process.ExitCode) and left no result: $((Get-WineOutput 'tests' | Select-Object -Last 5) -join ' ')"
    return [pscustomobject]@{ Passed = 0; Failed = @([pscustomobject]@{ Name = 'Pester on Wine'; Text = $text }); Skipped = @() }
}

# Ctrl+C, as the terminal sends it, while a blob is being written. Returns what is wrong.
function Test-Interruption([string] $Slow) {
    Copy-ToWine -Path (Join-Path $PSScriptRoot 'windows/interrupted.ps1') -Target 'run'

    # Not by cmd.exe, which doesn't wait for PowerShell then; and with the terminal goes whatever is still on it.
    $line = "wine 'C:\pwsh\pwsh.exe' -NoProfile -NonInteractive -ExecutionPolicy Bypass -File 'C:\run\interrupted.ps1' -Source $Slow/synthetic:1"
    $process = Start-WineProgram 'script', '-qec', $line, (Join-Path $WineDrive 'run/interrupted.out')
    $place = Join-Path $WineDrive 'interrupted'
    $findParts = { if ([System.IO.Directory]::Exists($place)) { [System.IO.Directory]::GetFiles($place, '.ocisync-*.tmp') } }
    $begun = [System.Diagnostics.Stopwatch]::StartNew()
    while (@(& $findParts | Where-Object { [System.IO.FileInfo]::new($_).Length -gt 1000000 }).Count -eq 0) {
        if ($process.HasExited -or $begun.Elapsed.TotalSeconds -gt 120) { return "Nothing was being written: $((Get-WineOutput 'interrupted') -join ' ')" }
        [System.Threading.Thread]::Sleep(50)
    }

    $process.StandardInput.Write([char]3)
    $process.StandardInput.Flush()
    $told = [System.Diagnostics.Stopwatch]::StartNew()
    if (-not $process.WaitForExit(15000)) { return 'It did not end within 15 seconds.' }
    $left = @(& $findParts)
    if ($left.Count -gt 0) { return "It left $($left -join ', ')." }
    if ((Get-Content -Raw -LiteralPath (Join-Path $place 'index.json')) -match 'synthetic') { return 'The copy was not interrupted.' }
    Write-Host "Ctrl+C: the copy ended after $([int]$told.Elapsed.TotalMilliseconds) ms."
}

$missing = @(Find-MissingProgram)
if ($missing.Count -gt 0) {
    $text = "server missing: $($missing -join ' and ') is not installed (Debian: apt-get install wine)."
    Write-Account -Passed 0 -Skipped ([pscustomobject]@{ Name = 'PowerShell for Windows on Wine'; Text = $text })
    exit 0
}

. (Join-Path $top 'tests/Pester/Registries.ps1') -Configuration $Configuration
try {
    Open-Wine -Packages (Find-Package)
    Copy-ToWine -Path (Join-Path $top 'out/OciSync') -Target 'module/OciSync'
    $open, $other, $private = (Open-TestRegistry), (Open-TestRegistry), (Open-TestRegistry '--user alice:s3cret')
    Initialize-TestRegistry $open
    $result = Invoke-WindowsTest $open, $other, $private
    $failed = @($result.Failed)
    $passed = $result.Passed
    if (-not $Filter) {
        $fault = Test-Interruption (Open-TestRegistry '--synthetic 60000000 --rate 1000000')
        if ($fault) { $failed += [pscustomobject]@{ Name = 'Ctrl+C ends a copy and leaves no part of a file'; Text = $fault } } else { $passed++ }
    }

    Write-Account -Passed $passed -Failed $failed -Skipped $result.Skipped
    exit [int]($failed.Count -gt 0 -or $passed -eq 0)
}
finally {
    Close-TestRegistry
    Close-Wine
    if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force }
}
