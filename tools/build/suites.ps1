# Runs suites in processes of their own, some at a time.

function Start-Suite {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Runs tests.')]
    param([object] $Suite, [string] $Folder)

    # In an empty folder of its own, what it says in files: lines of two suites at once would say nothing.
    $place = Join-Path $Folder ([guid]::NewGuid().ToString('N'))
    $null = New-Item -ItemType Directory -Path (Join-Path $place 'run')
    $start = @{
        FilePath = $Suite.Command
        ArgumentList = @($Suite.Arguments | ForEach-Object { '"' + $_ + '"' })
        WorkingDirectory = Join-Path $place 'run'
        RedirectStandardOutput = Join-Path $place 'output'
        RedirectStandardError = Join-Path $place 'errors'
    }
    $process = Start-Process @start -PassThru

    # Without its handle Windows PowerShell gives no exit code.
    $null = $process.Handle
    return [pscustomobject]@{ Suite = $Suite; Process = $process; Place = $place; Clock = [System.Diagnostics.Stopwatch]::StartNew() }
}

function Read-SuiteResult {
    param([object] $Run)
    $suite = $Run.Suite
    $code = $Run.Process.ExitCode
    Write-Status ('--- {0}: {1:0} s' -f $suite.Name, $Run.Clock.Elapsed.TotalSeconds)
    foreach ($file in 'output', 'errors') {
        foreach ($line in Get-Content -LiteralPath (Join-Path $Run.Place $file)) { Write-Status $line }
    }

    if (-not (Test-Path -LiteralPath $suite.Report)) {
        return New-SuiteResult -Suite $suite.Name -Failed (New-TestNote $suite.Name "It ended with $code and left no report.")
    }

    return & $suite.Read $suite.Name $suite.Report $code
}

# Runs all suites, so many at a time, and gives their results in the order of their ends. The next one is the first whose key is not running.
function Invoke-Suite {
    param([object[]] $Suite, [string] $Folder, [int] $Lanes)
    $waiting = [System.Collections.Generic.List[object]]::new()
    $running = [System.Collections.Generic.List[object]]::new()
    foreach ($one in $Suite) { $waiting.Add($one) }
    Write-Status "Running $($waiting.Count) suites, $Lanes at a time; each tells what it has to say when it has ended."
    try {
        while ($waiting.Count + $running.Count -gt 0) {
            $keys = @($running | ForEach-Object { $_.Suite.Key })
            $next = $waiting | Where-Object { $keys -notcontains $_.Key } | Select-Object -First 1
            if ($running.Count -lt $Lanes -and $next) {
                $null = $waiting.Remove($next)
                $running.Add((Start-Suite -Suite $next -Folder $Folder))
                continue
            }

            $ended = $running | Where-Object { $_.Process.WaitForExit(100) } | Select-Object -First 1
            if ($ended) {
                $null = $running.Remove($ended)
                Read-SuiteResult -Run $ended
                $ended.Process.Dispose()
            }
        }
    }
    finally {
        # Only what an interruption has left.
        foreach ($run in $running) {
            if (-not $run.Process.HasExited) { $run.Process.Kill() }
        }
    }
}
