# The test task: xunit projects and Pester files, each in a process of its own, and one account of all of them.

function New-SuiteResult {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes nothing.')]
    param([string] $Suite, [int] $Passed = 0, [object[]] $Failed = @(), [object[]] $Skipped = @())
    return [pscustomobject]@{ Suite = $Suite; Passed = $Passed; Failed = @($Failed | Where-Object { $_ }); Skipped = @($Skipped | Where-Object { $_ }) }
}

function New-TestNote {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes nothing.')]
    param([string] $Name, [string] $Text)
    return [pscustomobject]@{ Name = $Name; Text = $Text }
}

# The projects under tests/ that say of themselves that they are tests.
function Get-TestProgram {
    param([string] $Configuration)
    foreach ($project in Get-ChildItem -Path (Join-Path $script:Top 'tests') -Filter '*.csproj' -Recurse -File | Sort-Object Name) {
        $text = Get-Content -Raw -LiteralPath $project.FullName
        if ($text -match '<IsTestProject>\s*true' -and $text -match '<TargetFrameworks?>([^<;]+)') {
            $name = $project.Name -replace '\.csproj$', ''
            [pscustomobject]@{ Name = $name; Path = Join-Path $project.DirectoryName "bin/$Configuration/$($Matches[1])/$name.dll" }
        }
    }
}

function Invoke-XunitProgram {
    param([object] $Program, [string[]] $Filter, [string] $Folder)
    $report = Join-Path $Folder "$($Program.Name).xml"
    $options = @('-noLogo', '-noColor', '-noAutoReporters', '-reporter', 'quiet', '-result-xml', $report)
    foreach ($text in $Filter) { $options += @('-method', "*$text*") }

    # From an empty folder: on Unix PowerShell expands wildcards in the arguments of programs, and these are not about files.
    Push-Location -LiteralPath (New-Item -ItemType Directory -Path (Join-Path $Folder "$($Program.Name)-run")).FullName
    & dotnet $Program.Path @options | Out-Host
    $code = $LASTEXITCODE
    Pop-Location
    if (-not (Test-Path -LiteralPath $report)) {
        return New-SuiteResult -Suite $Program.Name -Failed (New-TestNote $Program.Name "It ended with $code and left no report.")
    }

    $result = ConvertFrom-XunitReport -Suite $Program.Name -Path $report
    if ($code -ne 0 -and $result.Failed.Count -eq 0 -and $Filter.Count -eq 0) {
        $result.Failed = @(New-TestNote $Program.Name "It ended with $code, though its report has no failure.")
    }

    return $result
}

function ConvertFrom-XunitReport {
    param([string] $Suite, [string] $Path)
    $document = New-Object System.Xml.XmlDocument
    $document.Load($Path)
    $passed = @($document.SelectNodes('//test[@result="Pass"]')).Count
    $skipped = foreach ($test in $document.SelectNodes('//test[@result="Skip"]')) {
        New-TestNote $test.GetAttribute('name') $test.SelectSingleNode('reason').InnerText
    }
    $failed = foreach ($test in $document.SelectNodes('//test[@result="Fail"]')) {
        New-TestNote $test.GetAttribute('name') $test.SelectSingleNode('failure').InnerText
    }
    $broken = foreach ($problem in $document.SelectNodes('//errors/error')) {
        New-TestNote "$Suite $($problem.GetAttribute('type'))" $problem.InnerText
    }
    return New-SuiteResult -Suite $Suite -Passed $passed -Failed (@($failed) + @($broken)) -Skipped $skipped
}

function Test-RealPester {
    param([string] $Shell)
    if (-not (Get-Command $Shell -CommandType Application -ErrorAction SilentlyContinue)) { return $false }
    $question = 'exit [int](-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version -ge [version]''5.0'' }))'
    & $Shell -NoProfile -NonInteractive -Command $question | Out-Null
    return $LASTEXITCODE -eq 0
}

# The shells that run the Pester files: PowerShell with Pester 5 where it is, else the engine host; on Windows also 5.1.
function Get-PesterRunner {
    param([string] $Configuration)
    $options = @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File')
    if (Test-RealPester 'pwsh') {
        [pscustomobject]@{ Name = 'PowerShell'; Command = 'pwsh'; Arguments = $options }
    }
    else {
        if (Get-Command pwsh -CommandType Application -ErrorAction SilentlyContinue) {
            Write-Status 'Pester 5 is not installed for pwsh (Install-Module Pester): its files run on the engine host.'
        }

        Get-EngineHost -Configuration $Configuration
    }

    if ($env:OS -eq 'Windows_NT') {
        if (Test-RealPester 'powershell') {
            [pscustomobject]@{ Name = 'Windows PowerShell'; Command = 'powershell'; Arguments = $options }
        }
        else {
            Write-Warning 'Pester 5 is not installed for Windows PowerShell: its files do not run there.'
        }
    }
}

function Invoke-PesterFile {
    param([object] $Runner, [string[]] $Filter, [string] $Folder)
    $suite = "Pester on $($Runner.Name)"
    $report = Join-Path $Folder "$suite.json"
    $options = @('-ResultPath', $report)
    if ($Filter.Count -gt 0) { $options += @('-Filter', ($Filter -join '|')) }
    & $Runner.Command @($Runner.Arguments) (Join-Path $script:Top 'tools/build/run-pester.ps1') @options | Out-Host
    $code = $LASTEXITCODE
    if (-not (Test-Path -LiteralPath $report)) {
        return New-SuiteResult -Suite $suite -Failed (New-TestNote $suite "It ended with $code and left no report.")
    }

    $result = Get-Content -Raw -LiteralPath $report | ConvertFrom-Json
    return New-SuiteResult -Suite $suite -Passed $result.Passed -Failed $result.Failed -Skipped $result.Skipped
}

function Invoke-AllTest {
    param([string] $Configuration, [string[]] $Filter, [switch] $RequireServers)
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-test-' + [guid]::NewGuid().ToString('N'))
    $null = New-Item -ItemType Directory -Path $folder
    try {
        $results = @(
            foreach ($program in Get-TestProgram -Configuration $Configuration) {
                Write-Status "--- $($program.Name)"
                Invoke-XunitProgram -Program $program -Filter $Filter -Folder $folder
            }
            if (Test-Path (Join-Path $script:Top 'tests/Pester/*')) {
                foreach ($runner in Get-PesterRunner -Configuration $Configuration) {
                    Write-Status "--- Pester on $($runner.Name)"
                    Invoke-PesterFile -Runner $runner -Filter $Filter -Folder $folder
                }
            }
        )
        return Write-TestAccount -Result $results -RequireServers:$RequireServers
    }
    finally {
        Remove-Item -LiteralPath $folder -Recurse -Force
    }
}

# Tells failures and skips; the last line is the one a machine reads. Returns the exit code.
function Write-TestAccount {
    param([object[]] $Result, [switch] $RequireServers)
    $failed = @($Result | ForEach-Object { $_.Failed })
    $skipped = @($Result | ForEach-Object { $_.Skipped })
    if ($RequireServers) {
        $unserved = @($skipped | Where-Object { $_.Text -match '^server missing:' -or $_.Text -match 'because server missing:' })
        $skipped = @($skipped | Where-Object { $unserved -notcontains $_ })
        $failed += @($unserved | ForEach-Object { New-TestNote $_.Name "Skipped, but servers are required here: $($_.Text)" })
    }

    foreach ($test in $failed) { Write-Status "FAILED $($test.Name)`n    $($test.Text -replace '\r?\n', "`n    ")`n" }
    foreach ($group in $skipped | Group-Object Text) {
        Write-Status "SKIPPED $($group.Count): $($group.Name)"
        foreach ($test in $group.Group) { Write-Status "    $($test.Name)" }
    }
    foreach ($suite in $Result) {
        Write-Status ('{0,-40} {1} passed, {2} failed, {3} skipped' -f $suite.Suite, $suite.Passed, $suite.Failed.Count, $suite.Skipped.Count)
    }

    $passed = 0
    foreach ($suite in $Result) { $passed += $suite.Passed }
    Write-Status "$passed passed, $($failed.Count) failed, $($skipped.Count) skipped"
    if ($failed.Count -gt 0 -or $passed -eq 0) { return 1 }
    return 0
}
