# Registries for the tests and the demo, with the module: dot-source it (in BeforeAll), and Close-TestRegistry at the end (AfterAll).
param([string] $Configuration = 'Release')

Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force

# What a test provokes is no failure of the job that runs the tests.
$env:GITHUB_ACTIONS = $null

$script:RegistryProgram = Join-Path $PSScriptRoot "../OciSync.TestRegistry/bin/$Configuration/net10.0/OciSync.TestRegistry.dll"
$script:RegistryFolder = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-pester-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
$script:RegistryProcesses = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()
$null = New-Item -ItemType Directory -Path $RegistryFolder -Force

# A command of the test registry's program; its ready line as an object, with the process.
function Start-TestServer([string] $Command) {
    $ready = Join-Path $RegistryFolder ([guid]::NewGuid().ToString('N') + '.json')
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.Arguments = "`"$RegistryProgram`" $Command --parent-pid $PID --ready-file `"$ready`""
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $RegistryProcesses.Add($process)
    for ($i = 0; $i -lt 1200 -and -not $process.HasExited -and -not (Test-Path $ready); $i++) { [System.Threading.Thread]::Sleep(25) }
    if (-not (Test-Path $ready)) { throw 'The test registry did not start.' }
    Get-Content -Raw $ready | ConvertFrom-Json | Add-Member -NotePropertyName Process -NotePropertyValue $process -PassThru
}

function Open-TestRegistry([string] $Options = '') {
    (Start-TestServer "serve $Options").address
}

function Initialize-TestRegistry([string] $Address) {
    $null = & dotnet $RegistryProgram seed $Address --set demo
    if ($LASTEXITCODE -ne 0) { throw "The test registry could not be seeded ($LASTEXITCODE)." }
}

# A port for what has to be told one: none of those that the system gives by itself, as somebody could be given it before it is used.
function Get-FreePort {
    for ($i = 0; $i -lt 1000; $i++) {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, (Get-Random -Minimum 12000 -Maximum 32000))
        try { $listener.Start(); return $listener.LocalEndpoint.Port } catch [System.Net.Sockets.SocketException] { continue } finally { $listener.Stop() }
    }
    throw 'There is no free port on 127.0.0.1.'
}

function Close-TestRegistry {
    foreach ($process in $RegistryProcesses) {
        if (-not $process.HasExited) { $process.Kill() }
        $process.Dispose()
    }
    Remove-Item -Recurse -Force $RegistryFolder
}
