# build.ps1's own helpers: what they make of reports, and the last line that machines read.

BeforeAll {
    $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    . (Join-Path $top 'tools/build/common.ps1')
    . (Join-Path $top 'tools/build/tests.ps1')

    # The exit code and the lines told.
    function Get-Account([object[]] $Result, [switch] $RequireServers) {
        $all = @(Write-TestAccount -Result $Result -RequireServers:$RequireServers 6>&1)
        [pscustomobject]@{ ExitCode = $all[-1]; Lines = @($all | Select-Object -SkipLast 1 | ForEach-Object { "$_" }) }
    }
}

Describe 'The account of a test run' {
    It 'ends with the totals' {
        $account = Get-Account (New-SuiteResult -Suite 'a' -Passed 2 -Skipped (New-TestNote 's' 'later')), (New-SuiteResult -Suite 'b' -Passed 1)
        $account.Lines[-1] | Should -BeExactly '3 passed, 0 failed, 1 skipped'
        $account.ExitCode | Should -Be 0
    }

    It 'tells a failure in full and fails' {
        $account = Get-Account (New-SuiteResult -Suite 'a' -Passed 1 -Failed (New-TestNote 'broken' "line one`nline two"))
        $account.Lines[0] | Should -Match '^FAILED broken\n    line one\n    line two'
        $account.Lines[-1] | Should -BeExactly '1 passed, 1 failed, 0 skipped'
        $account.ExitCode | Should -Be 1
    }

    It 'groups skipped tests by their reason' {
        $skipped = (New-TestNote 'x' 'why'), (New-TestNote 'y' 'why')
        (Get-Account (New-SuiteResult -Suite 'a' -Passed 1 -Skipped $skipped)).Lines[0..2] | Should -Be 'SKIPPED 2: why', '    x', '    y'
    }

    It 'fails a skip for want of a server where servers are required: <reason>' -ForEach @(
        @{ reason = 'server missing: skopeo'; failed = 1 }
        @{ reason = 'not on this platform'; failed = 0 }
    ) {
        $suite = New-SuiteResult -Suite 'a' -Passed 1 -Skipped (New-TestNote 's' $reason)
        (Get-Account $suite -RequireServers).Lines[-1] | Should -BeExactly "1 passed, $failed failed, $(1 - $failed) skipped"
        (Get-Account $suite -RequireServers).ExitCode | Should -Be $failed
        (Get-Account $suite).ExitCode | Should -Be 0
    }

    It 'fails when nothing ran' {
        (Get-Account (New-SuiteResult -Suite 'a')).ExitCode | Should -Be 1
    }
}

Describe 'The report of xunit' {
    It 'gives passed, failed and skipped tests and what broke outside of tests' {
        $report = Join-Path $TestDrive 'report.xml'
        Set-Content -LiteralPath $report -Value @'
<assemblies><assembly><errors><error type="assembly-cleanup"><failure><message>leak</message></failure></error></errors><collection>
<test name="p" result="Pass"/><test name="s" result="Skip"><reason>server missing: x</reason></test>
<test name="f" result="Fail"><failure><message>no</message></failure></test></collection></assembly></assemblies>
'@
        $result = ConvertFrom-XunitReport -Suite 'a' -Path $report
        $result.Passed | Should -Be 1
        $result.Skipped | Should -HaveCount 1
        $result.Skipped[0].Text | Should -Be 'server missing: x'
        $result.Failed.Name | Should -Be 'f', 'a assembly-cleanup'
        $result.Failed.Text | Should -Be 'no', 'leak'
    }
}

Describe 'The shell that scripts are run by' {
    It 'is one process, so that signals and the exit code are its own' {
        $runner = Get-ScriptRunner
        $script = Join-Path $TestDrive 'id.ps1'
        $file = Join-Path $TestDrive 'id.txt'
        Set-Content -LiteralPath $script -Value "Set-Content -LiteralPath '$file' -Value `$PID; exit 7"
        $process = Start-Process -FilePath $runner.Command -ArgumentList (@($runner.Arguments) + "`"$script`"") -PassThru
        $null = $process.Handle
        $process.WaitForExit()
        $process.ExitCode | Should -Be 7
        [int] (Get-Content $file) | Should -Be $process.Id
    }
}

Describe 'Suites' {
    BeforeAll {
        . (Join-Path $top 'tools/build/suites.ps1')
        $folder = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'suites')).FullName

        # A suite whose report says when it began and when it ended.
        function Get-FakeSuite([string] $Name, [string] $Key, [string] $Last = '') {
            $runner = Get-ScriptRunner
            $script = Join-Path $folder "$Name.ps1"
            $report = Join-Path $folder "$Name.txt"
            $lines = '$begin = [datetime]::UtcNow.Ticks', '[System.Threading.Thread]::Sleep(300)',
            "Set-Content -LiteralPath '$report' -Value `$begin, ([datetime]::UtcNow.Ticks)"
            Set-Content -LiteralPath $script -Value $(if ($Last) { $Last } else { $lines })
            [pscustomobject]@{
                Name = $Name; Key = $Key; Command = $runner.Command; Arguments = @($runner.Arguments) + $script; Report = $report
                Read = { param($Name, $Path) New-SuiteResult -Suite $Name -Passed 1 | Add-Member -NotePropertyName Times -NotePropertyValue (Get-Content $Path) -PassThru }
            }
        }
    }

    It 'run at the same time, but not beside one with the same key' {
        $suites = (Get-FakeSuite 'one' 'clock'), (Get-FakeSuite 'two' 'clock'), (Get-FakeSuite 'three' 'other')
        $results = @(Invoke-Suite -Suite $suites -Folder $folder -Lanes 2 6>$null)
        $results.Suite | Sort-Object | Should -Be 'one', 'three', 'two'
        $one, $two = @($results | Where-Object Suite -ne 'three' | Sort-Object { [long] $_.Times[0] })
        [long] $two.Times[0] | Should -BeGreaterOrEqual ([long] $one.Times[1])
    }

    It 'that leave no report have failed' {
        $results = @(Invoke-Suite -Suite (Get-FakeSuite 'lost' 'lost' 'exit 5') -Folder $folder -Lanes 2 6>$null)
        $results.Failed.Text | Should -Be 'It ended with 5 and left no report.'
    }
}
