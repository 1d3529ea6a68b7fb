# What the bench scripts share: dot-source it. Servers come from tests/Pester/Registries.ps1 and end with Close-Bench.
param([string] $Configuration = 'Release')

$ErrorActionPreference = 'Stop'

# What registries store lies in memory where there is such a folder: a disk that others use too is not what is measured.
if (Test-Path '/dev/shm') { $env:TMPDIR = '/dev/shm' }
$script:BenchTop = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
. (Join-Path $BenchTop 'tools/build/common.ps1')
. (Join-Path $BenchTop 'tests/Pester/Registries.ps1') -Configuration $Configuration
$script:BenchServers = [System.Collections.Generic.List[object]]::new()
$script:BenchRunner = Get-ScriptRunner

# A docker-registry of its own; it keeps no access log unless asked to, since that costs it time.
function Open-DockerRegistry([string] $Options = '--no-access-log') {
    $server = Start-TestServer "docker-registry $Options"
    $BenchServers.Add($server)
    $server
}

# By its signal for the end, so that what it has started ends with it.
function Close-DockerRegistry([object[]] $Server) {
    foreach ($one in @($Server | Where-Object { -not $_.Process.HasExited })) {
        $null = Invoke-BenchProgram 'kill' "$($one.pid)"
        $one.Process.WaitForExit()
    }
}

# Ends all that was started.
function Close-Bench {
    Close-DockerRegistry $BenchServers
    Close-TestRegistry
}

# Generated images into a registry.
function Add-BenchImage([string] $Address, [string[]] $Options) {
    $null = & dotnet $RegistryProgram seed $Address @Options
    if ($LASTEXITCODE -ne 0) { throw "The registry could not be seeded ($LASTEXITCODE)." }
}

# Runs a program and gives its seconds and what it wrote.
function Invoke-BenchProgram([string] $Program, [string[]] $ArgumentList) {
    $start = [System.Diagnostics.ProcessStartInfo]::new($Program)
    $start.Arguments = ($ArgumentList | ForEach-Object { '"' + $_ + '"' }) -join ' '
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $process = [System.Diagnostics.Process]::Start($start)
    $output = $process.StandardOutput.ReadToEndAsync()
    $errors = $process.StandardError.ReadToEndAsync()
    $process.WaitForExit()
    $seconds = $clock.Elapsed.TotalSeconds
    if ($process.ExitCode -ne 0) { throw "$Program $($start.Arguments) ended with $($process.ExitCode): $($errors.Result)" }
    [pscustomobject] @{ Seconds = $seconds; Output = $output.Result }
}

# Seconds of a command of ours in this process; its rows must all have one of the statuses.
function Measure-Here([scriptblock] $Command, [string[]] $Status) {
    [GC]::Collect()
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $rows = @(& $Command)
    $seconds = $clock.Elapsed.TotalSeconds
    Assert-BenchRow $rows $Status
    $seconds
}

function Assert-BenchRow([object[]] $Row, [string[]] $Status) {
    $other = @($Row | Where-Object { $Status -notcontains $_.Status })
    if ($Row.Count -eq 0 -or $other.Count -gt 0) { throw "$($Row.Count) rows, not all $($Status -join ' or '): $($other[0].Status) $($other[0].Error)" }
}

# A script of its own in the temporary folder.
function New-BenchScript([string] $Text) {
    $file = Join-Path $RegistryFolder ([guid]::NewGuid().ToString('N') + '.ps1')
    Set-Content -LiteralPath $file -Value $Text -Encoding utf8
    $file
}

# A command of ours in a fresh process of the same kind of shell: seconds of the whole process, of the import and of the command, the processor's seconds
# of the whole and of the command, its peak and what it wrote into files in MB. -WarmUp is run before the command, and not measured with it.
function Measure-Process([string] $Command, [string] $Module, [string] $WarmUp) {
    $file = if ($Command -eq 'bare') { 'bare' } else { New-BenchScript $Command }
    $more = @(if ($Module) { '-Module', $Module }; if ($WarmUp) { '-WarmUp', (New-BenchScript $WarmUp) })
    $result = Invoke-BenchProgram $BenchRunner.Command (@($BenchRunner.Arguments) + (Join-Path $BenchTop 'bench/lib/child.ps1') + $file + $more)
    $said = @($result.Output -split '\r?\n' | Where-Object { $_ -like '{*' })[-1] | ConvertFrom-Json
    [pscustomobject] @{
        Whole = $result.Seconds; Import = $said.import; Command = $said.seconds; Processor = $said.processor; CommandProcessor = $said.commandProcessor
        Peak = $said.peak; Written = $said.written
    }
}

function Get-Median([double[]] $Value) {
    $sorted = @($Value | Sort-Object)
    $middle = [int] [math]::Floor($sorted.Count / 2)
    if ($sorted.Count % 2 -eq 1) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

# So many times ours and theirs in turn; both get the number of the pair. Before that ours runs once alone, as number 0: this shell is warm then.
function Measure-Pair([string] $Name, [int] $Pairs, [scriptblock] $Ours, [scriptblock] $Theirs) {
    $null = & $Ours 0
    for ($i = 1; $i -le $Pairs; $i++) {
        $a = & $Ours $i
        $b = & $Theirs $i
        [Console]::WriteLine(('{0} {1}: {2:0.00} s, skopeo {3:0.00} s, ratio {4:0.00}' -f $Name, $i, $a, $b, ($a / $b)))
        [pscustomobject] @{ ours = [math]::Round($a, 3); skopeo = [math]::Round($b, 3); ratio = [math]::Round($a / $b, 3) }
    }
}

# A row of the table out of pairs: the median of their ratios.
function New-RatioRow([string] $Job, [double] $Wanted, [object[]] $Pair) {
    $median = [math]::Round((Get-Median @($Pair | ForEach-Object ratio)), 2)
    $ours = Get-Median @($Pair | ForEach-Object ours)
    $theirs = Get-Median @($Pair | ForEach-Object skopeo)
    $detail = '{0:0.00} s to {1:0.00} s; {2} pairs, ratios {3}' -f $ours, $theirs, $Pair.Count, ((@($Pair | ForEach-Object { '{0:0.00}' -f $_.ratio })) -join ' ')
    New-BenchRow -Job $Job -Wanted ('≤ {0:0.00}' -f $Wanted) -Reached ('{0:0.00}' -f $median) -Met ($median -le $Wanted) -Detail $detail
}

function New-BenchRow([string] $Job, [string] $Wanted, [string] $Reached, [bool] $Met, [string] $Detail) {
    [pscustomobject] @{ job = $Job; wanted = $Wanted; reached = $Reached; met = $Met; detail = $Detail }
}

# Keeps the rows of a script and writes the table of docs/performance.md anew. A smoke run only shows them.
# -With names what else was measured.
function Save-Bench([string] $Name, [object[]] $Row, [switch] $Smoke, [string] $With) {
    if (@($Row | Where-Object { $_ }).Count -ne @($Row).Count -or @($Row).Count -eq 0) { throw "The bench '$Name' has rows without numbers." }
    foreach ($one in $Row) { [Console]::WriteLine(('{0}: {1} (wanted {2}); {3}' -f $one.job, $one.reached, $one.wanted, $one.detail)) }
    if ($Smoke) { return }
    $folder = Join-Path $BenchTop 'docs/bench'
    $null = New-Item -ItemType Directory -Force -Path $folder
    $record = [pscustomobject] @{ taken = [DateTime]::UtcNow.ToString('yyyy-MM-dd'); machine = (@(Get-BenchMachine; $With) -ne '') -join ', '; rows = @($Row) }
    $record | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath (Join-Path $folder "$Name.json") -Encoding utf8
    Update-PerformancePage
}

function Get-BenchMachine {
    $model = 'unknown processor'
    if (Test-Path '/proc/cpuinfo') {
        $line = @(Get-Content '/proc/cpuinfo' | Where-Object { $_ -like 'model name*' })
        if ($line.Count -gt 0) { $model = ($line[0] -split ':', 2)[1].Trim() }
    }
    $native = Join-Path $BenchTop "out/OciSync/bin/net8.0/net10.0-$([System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier)/OciSync.PowerShell.dll"
    $module = if (Test-Path $native) { 'module with native code, as it is installed' } else { 'module without native code' }
    '{0} x {1}, {2}, .NET {3}, {4}, {5}' -f [Environment]::ProcessorCount, $model, [Environment]::OSVersion.VersionString, [Environment]::Version, $BenchRunner.Name, $module
}

function Update-PerformancePage {
    $page = Join-Path $BenchTop 'docs/performance.md'
    $text = Get-Content -Raw -LiteralPath $page
    $lines = @('| job | wanted | reached | | measured |', '| --- | --- | --- | --- | --- |')
    $taken = @()
    $names = 'first-command', 'single-image', 'requests', 'many-repositories', 'folders', 'real-files', 'slow-link', 'serving', 'signed-tags', 'planning', 'memory', 'rounds',
        'finding', 'import', 'build', 'growth'
    foreach ($name in $names) {
        $path = Join-Path $BenchTop "docs/bench/$name.json"
        if (-not (Test-Path $path)) { continue }
        $record = Get-Content -Raw -LiteralPath $path | ConvertFrom-Json
        foreach ($row in $record.rows) {
            $lines += '| {0} | {1} | {2} | {3} | {4} |' -f $row.job, $row.wanted, $row.reached, $(if ($row.met) { 'met' } else { '**not met**' }), $row.detail
        }
        $taken += "- ``$name``: $($record.taken), $($record.machine)"
    }
    $table = "<!-- table -->`n" + (($lines + '' + $taken) -join "`n") + "`n<!-- end of table -->"
    $begin = $text.IndexOf('<!-- table -->')
    $end = $text.IndexOf('<!-- end of table -->') + '<!-- end of table -->'.Length
    [System.IO.File]::WriteAllText($page, $text.Substring(0, $begin) + $table + $text.Substring($end))
}
