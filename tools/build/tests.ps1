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

# The manifest of the project's own Pester, or of another version, restored from NuGet.
function Get-PesterPath {
    param([string] $Version)
    $options = @('-restore', '-t:FindPackages', '-getProperty:PesterPath', '-nologo', '-v:quiet')
    if ($Version) { $options += "-p:PesterVersion=$Version" }
    $found = @(& dotnet msbuild (Join-Path $script:Top 'tools/PowerShell/PowerShell.csproj') @options)
    if ($LASTEXITCODE -ne 0) { throw "Pester can't be restored: $($found -join ' ')" }
    return $found[-1]
}

# The Pester files, on the shell that runs this script.
function Invoke-PesterFile {
    param([string[]] $Filter, [string] $PesterPath, [string] $Folder)
    $runner = Get-ScriptRunner
    $report = Join-Path $Folder 'Pester.json'
    $options = @('-ResultPath', $report, '-PesterPath', $PesterPath)
    if ($Filter.Count -gt 0) { $options += @('-Filter', ($Filter -join '|')) }
    & $runner.Command @($runner.Arguments) (Join-Path $script:Top 'tools/build/run-pester.ps1') @options | Out-Host
    $code = $LASTEXITCODE
    if (-not (Test-Path -LiteralPath $report)) {
        return New-SuiteResult -Suite 'Pester' -Failed (New-TestNote 'Pester' "It ended with $code and left no report.")
    }

    $result = Get-Content -Raw -LiteralPath $report | ConvertFrom-Json
    return New-SuiteResult -Suite "Pester $($result.Pester) on $($runner.Name)" -Passed $result.Passed -Failed $result.Failed -Skipped $result.Skipped
}

function Invoke-AllTest {
    param([string] $Configuration, [string[]] $Filter, [string[]] $Suite, [string] $PesterVersion, [switch] $RequireServers)
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-test-' + [guid]::NewGuid().ToString('N'))
    $null = New-Item -ItemType Directory -Path $folder
    try {
        $isWanted = { param($name) $Suite.Count -eq 0 -or @($Suite | Where-Object { $name -like "*$_*" }).Count -gt 0 }
        $results = @(
            foreach ($program in Get-TestProgram -Configuration $Configuration | Where-Object { & $isWanted $_.Name }) {
                Write-Status "--- $($program.Name)"
                Invoke-XunitProgram -Program $program -Filter $Filter -Folder $folder
            }
            if ((& $isWanted 'Pester') -and (Test-Path (Join-Path $script:Top 'tests/Pester/*'))) {
                Write-Status '--- Pester'
                Invoke-PesterFile -Filter $Filter -PesterPath (Get-PesterPath -Version $PesterVersion) -Folder $folder
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
