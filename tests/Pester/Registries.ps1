# Registries for the tests: dot-source it in BeforeAll, and Close-TestRegistry in AfterAll.
Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force

$script:RegistryProgram = Join-Path $PSScriptRoot '../OciSync.TestRegistry/bin/Release/net10.0/OciSync.TestRegistry.dll'
$script:RegistryFolder = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-pester-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
$script:RegistryProcesses = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()
$null = New-Item -ItemType Directory -Path $RegistryFolder -Force

function Open-TestRegistry([string] $Options = '') {
    $ready = Join-Path $RegistryFolder ([guid]::NewGuid().ToString('N') + '.json')
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.Arguments = "`"$RegistryProgram`" serve --parent-pid $PID --ready-file `"$ready`" $Options"
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $RegistryProcesses.Add([System.Diagnostics.Process]::Start($start))
    for ($i = 0; $i -lt 400 -and -not (Test-Path $ready); $i++) { [System.Threading.Thread]::Sleep(25) }
    (Get-Content -Raw $ready | ConvertFrom-Json).address
}

function Initialize-TestRegistry([string] $Address) {
    $null = & dotnet $RegistryProgram seed $Address --set demo
}

function Close-TestRegistry {
    foreach ($process in $RegistryProcesses) {
        if (-not $process.HasExited) { $process.Kill() }
        $process.Dispose()
    }
    Remove-Item -Recurse -Force $RegistryFolder
}
