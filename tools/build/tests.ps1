# The test task: what the suites are, how their reports are read, and one account of all of them. tools/build/suites.ps1 runs them.

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

# A suite is a process, its report, and what reads the report. Suites with the same key don't run at the same time: they hold clocks to their word.
function Get-XunitSuite {
    param([object] $Program, [string[]] $Filter, [string] $Folder)
    $report = Join-Path $Folder "$($Program.Name).xml"
    $options = @($Program.Path, '-noLogo', '-noColor', '-noAutoReporters', '-reporter', 'quiet', '-result-xml', $report)
    foreach ($text in $Filter) { $options += @('-method', "*$text*") }
    $isPart = $Filter.Count -gt 0
    return [pscustomobject]@{
        Name = $Program.Name; Key = $Program.Name -replace '\.NetStandard$', ''; Command = 'dotnet'; Arguments = $options; Report = $report
        Read = {
            param([string] $Name, [string] $Path, [int] $Code)
            $result = ConvertFrom-XunitReport -Suite $Name -Path $Path
            if ($Code -ne 0 -and $result.Failed.Count -eq 0 -and -not $isPart) {
                $result.Failed = @(New-TestNote $Name "It ended with $Code, though its report has no failure.")
            }
            $result
        }.GetNewClosure()
    }
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

# A script that takes -ResultPath and -Filter and writes its account as JSON, on the shell that runs this one.
function Get-ScriptSuite {
    param([string] $Name, [string] $Path, [string[]] $ArgumentList, [string[]] $Filter, [string] $Folder)
    $runner = Get-ScriptRunner
    $report = Join-Path $Folder "$Name.json"
    $options = @($runner.Arguments) + (Join-Path $script:Top $Path) + @('-ResultPath', $report) + @($ArgumentList)
    if ($Filter.Count -gt 0) { $options += @('-Filter', ($Filter -join '|')) }
    return [pscustomobject]@{
        Name = "$Name on $($runner.Name)"; Key = $Name; Command = $runner.Command; Arguments = $options; Report = $report
        Read = {
            param([string] $Name, [string] $Path)
            $result = Get-Content -Raw -LiteralPath $Path | ConvertFrom-Json
            New-SuiteResult -Suite $Name -Passed $result.Passed -Failed $result.Failed -Skipped $result.Skipped
        }
    }
}

# The longest first, so that the others fill up what is left of the time.
function Get-Suite {
    param([string] $Configuration, [string[]] $Filter, [string] $PesterVersion, [string] $Folder)
    $programs = @(Get-TestProgram -Configuration $Configuration | Sort-Object { $_.Name -notlike 'OciSync.Core.Tests*' }, Name)
    $suites = @($programs | ForEach-Object { Get-XunitSuite -Program $_ -Filter $Filter -Folder $Folder })
    $options = @{ Filter = $Filter; Folder = $Folder }
    $version = @('-PesterPath', (Get-PesterPath -Version $PesterVersion))
    $pester = Get-ScriptSuite -Name 'Pester' -Path 'tools/build/run-pester.ps1' -ArgumentList $version @options
    $wine = @()
    if ($env:OS -ne 'Windows_NT' -and (Test-Path (Join-Path $script:Top 'tools/windows.ps1'))) {
        $wine = @(Get-ScriptSuite -Name 'Windows on Wine' -Path 'tools/windows.ps1' -ArgumentList @('-Configuration', $Configuration) @options)
    }

    return @($suites | Select-Object -First 1) + $pester + @($suites | Select-Object -Skip 1) + $wine
}

function Invoke-AllTest {
    param([string] $Configuration, [string[]] $Filter, [string[]] $Suite, [string] $PesterVersion, [switch] $RequireServers)
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-test-' + [guid]::NewGuid().ToString('N'))
    $null = New-Item -ItemType Directory -Path $folder
    try {
        $suites = @(Get-Suite -Configuration $Configuration -Filter $Filter -PesterVersion $PesterVersion -Folder $folder)
        if ($Suite.Count -gt 0) {
            $suites = @($suites | Where-Object { $name = $_.Name; @($Suite | Where-Object { $name -like "*$_*" }).Count -gt 0 })
        }
        if ($suites.Count -eq 0) { throw "No suite has a name like $($Suite -join ' or ')." }
        $results = @(Invoke-Suite -Suite $suites -Folder $folder -Lanes ([math]::Min(2, [Environment]::ProcessorCount)))
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
