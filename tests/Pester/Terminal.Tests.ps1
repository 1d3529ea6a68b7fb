# A shell in a real terminal (tmux), as a person has it: Ctrl+C and questions.

Describe 'In a terminal' -Skip:($PSVersionTable.PSVersion.Major -lt 7 -or $IsWindows) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        . (Join-Path $PSScriptRoot '../../tools/build/common.ps1')
        $hasTerminal = $null -ne (Get-Command tmux -CommandType Application -ErrorAction SilentlyContinue)
        if (-not $hasTerminal) { return }
        $socket = Join-Path $RegistryFolder 'terminal'
        $said = Join-Path $RegistryFolder 'said.txt'
        $module = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1'))
        $runner = Get-ScriptRunner
        $shell = @($runner.Command) + @($runner.Arguments | Where-Object { $_ -like '*.dll' }) + '-NoProfile', '-NoLogo'
        $null = & tmux -S $socket -f /dev/null new-session -d -x 120 -y 40 (($shell | ForEach-Object { "'$_'" }) -join ' ')

        function Get-Screen { (& tmux -S $socket capture-pane -p) -join "`n" }
        function Send-Line([string] $Text) { & tmux -S $socket send-keys -l $Text; & tmux -S $socket send-keys Enter }

        function Wait-For([scriptblock] $Condition, [string] $What) {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (& $Condition)) {
                if ($clock.Elapsed.TotalSeconds -gt 60) { throw "$What did not come. The screen:`n$(Get-Screen)" }
                [System.Threading.Thread]::Sleep(50)
            }
        }

        # The next prompt after a command says that it has ended.
        function Wait-End([string] $Mark) {
            Send-Line "Set-Content '$said' '$Mark'"
            Wait-For { (Test-Path $said) -and (Get-Content -Raw $said) -match $Mark } "the end ($Mark)"
        }

        Wait-For { (Get-Screen) -match 'PS .*>' } 'a prompt'
        Send-Line "Import-Module '$module'"
        Wait-End 'imported'
    }

    BeforeEach {
        if (-not $hasTerminal) { Set-ItResult -Skipped -Because 'server missing: tmux' }
    }

    AfterAll {
        if ($hasTerminal) { $null = & tmux -S $socket kill-server }
        Close-TestRegistry
    }

    It 'Ctrl+C ends a copy, leaves no part of a file, and the session goes on' {
        $slow = Open-TestRegistry '--synthetic 30000000 --rate 1000000'
        $layout = Join-Path $RegistryFolder 'stopped'
        $parts = { @(Get-ChildItem -Path $layout -Filter '.ocisync-*.tmp' -Recurse -Force -ErrorAction SilentlyContinue).Count -gt 0 }
        Send-Line "Copy-OciImage $slow/synthetic:1 'oci:$layout'"
        Wait-For $parts 'the first part'
        & tmux -S $socket send-keys C-c
        Wait-For { -not (& $parts) } 'the end of the part'
        Wait-End 'stopped'
        @(Get-ChildItem -Path (Join-Path $layout 'blobs') -Recurse -File) | Where-Object Length -gt 1000000 | Should -BeNullOrEmpty
        Get-Screen | Should -Not -Match 'Copied'
    }

    It 'a question is asked, and answered with no nothing is removed, with yes it is' {
        $target = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $target --repository app --tags '1,2'
        Send-Line "Clear-Host; Remove-OciImage $target/app:1 -Confirm"
        Wait-For { (Get-Screen) -match '\[Y\] Yes' } 'the question'
        Send-Line 'n'
        Wait-End 'refused'
        (Get-OciTag $target/app).Tag | Should -Be '1', '2'
        Send-Line 'Clear-Host'
        Wait-For { (Get-Screen) -notmatch '\[Y\] Yes' } 'an empty screen'
        Send-Line "Remove-OciImage $target/app:1 -Confirm"
        Wait-For { (Get-Screen) -match '\[Y\] Yes' } 'the question'
        Send-Line 'y'
        Wait-End 'agreed'
        (Get-OciTag $target/app).Tag | Should -Be '2'
    }

    It 'the password of a user name is asked for' {
        $private = Open-TestRegistry '--user alice:s3cret'
        $null = & dotnet $RegistryProgram seed $private --user alice:s3cret --repository app --tags '1'
        Send-Line "Clear-Host; (Get-OciTag $private/app -Credential alice).Tag"
        Wait-For { (Get-Screen) -match 'Password for user alice' } 'the question'
        Send-Line 's3cret'
        Wait-End 'known'
        Get-Screen | Should -Match '(?m)^1$'
        Get-Screen | Should -Not -Match 's3cret'
    }
}
