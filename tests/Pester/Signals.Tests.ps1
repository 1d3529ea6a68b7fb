# The signal by which docker stop, Kubernetes and a cancelled job end a process, sent to a PowerShell in the middle of a copy.

Describe 'SIGTERM' -Skip:($PSEdition -ne 'Core' -or $IsWindows) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $module = (Get-Module OciSync).Path -replace 'bin/.*$', 'OciSync.psd1'
        $null = & dotnet $RegistryProgram seed $a --repository app --tags 'large' --layers 6 --layer-size 3000000

        # This PowerShell once more: its program, or dotnet with its library.
        $shell = [System.Environment]::ProcessPath
        $first = @(if ((Split-Path -LeafBase $shell) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })

        function Start-Shell([string[]] $Line) {
            $script = Join-Path $TestDrive ([guid]::NewGuid().ToString('N') + '.ps1')
            Set-Content $script -Value (@("Import-Module '$module'") + $Line)
            $start = [System.Diagnostics.ProcessStartInfo]::new($shell, [string[]]@($first + '-NoProfile', '-NonInteractive', '-File', $script))
            $start.RedirectStandardOutput = $true
            $start.RedirectStandardError = $true
            [System.Diagnostics.Process]::Start($start)
        }

        function Get-State([string] $Registry) { Invoke-RestMethod "http://$Registry/_control/state" }

        # Until as many uploads are on their way, each with bytes of its body.
        function Wait-Upload([string] $Registry, [int] $Count) {
            for ($i = 0; $i -lt 1200; $i++) {
                $sending = @(Invoke-RestMethod "http://$Registry/_control/requests" | ForEach-Object { $_ } |
                        Where-Object { $_.method -in 'PATCH', 'PUT' -and $_.path -like '*/uploads/*' -and $_.bytesIn -gt 0 -and $null -eq $_.duration })
                if ($sending.Count -eq $Count) { return }
                [System.Threading.Thread]::Sleep(25)
            }
            throw "$($sending.Count) uploads run, and $Count are waited for."
        }

        # Who does not end by it is killed, and has another exit code.
        function Send-Termination([System.Diagnostics.Process] $Process) {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            & kill -TERM $Process.Id
            if (-not $Process.WaitForExit(20000)) { $Process.Kill() }
            $clock.Elapsed.TotalSeconds
        }

        function Wait-Idle([string] $Registry) {
            for ($i = 0; $i -lt 200 -and (Get-State $Registry).activeRequests -gt 0; $i++) { [System.Threading.Thread]::Sleep(25) }
        }

        function Get-Cancelled([string] $Registry) {
            @(Invoke-RestMethod "http://$Registry/_control/requests" | ForEach-Object { $_ } | Where-Object { $_.method -eq 'DELETE' -and $_.status -eq 204 })
        }
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'in a copy cancels all six uploads, and the process ends by it' {
        $b = Open-TestRegistry '--rate 50000'
        $after = Join-Path $TestDrive 'after'
        $process = Start-Shell "Copy-OciImage $a/app:large $b/app:large", "Set-Content '$after' 'went on'", 'exit 0'
        Wait-Upload $b 6
        $null = Send-Termination $process
        $process.ExitCode | Should -Be 143
        Wait-Idle $b
        (Get-State $b).openUploads | Should -Be 0
        @(Get-Cancelled $b).Count | Should -Be 6
        $after | Should -Not -Exist
        @(Invoke-RestMethod "http://$b/_control/requests" | ForEach-Object { $_ } | Where-Object { $_.method -eq 'PUT' -and $_.path -like '*/manifests/*' }).Count | Should -Be 0
    }

    It 'waits no longer for copies in several runspaces than for one' {
        $b = Open-TestRegistry '--rate 50000'
        $process = Start-Shell '1..3 | ForEach-Object -Parallel {', "Import-Module '$module'", "Copy-OciImage $a/app:large $b/app-`$(`$_):large -MaxConnectionsPerRegistry 2", '}'
        Wait-Upload $b 6
        $null = Send-Termination $process
        $process.ExitCode | Should -Be 143
        Wait-Idle $b
        (Get-State $b).openUploads | Should -Be 0
    }

    It 'waits no longer than a second for a registry that does not answer' {
        $b = Open-TestRegistry '--rate 50000'
        $null = Invoke-RestMethod "http://$b/_control/faults" -Method Post -ContentType 'application/json' -Body '{"method":"DELETE","times":100,"action":{"kind":"StallBeforeHeaders"}}'
        $process = Start-Shell "Copy-OciImage $a/app:large $b/app:large"
        Wait-Upload $b 6
        $null = Send-Termination $process
        $process.ExitCode | Should -Be 143
    }

    It 'stops the pipeline where the host does not want to end' {
        $b = Open-TestRegistry '--rate 50000'
        $process = Start-Shell @(
            "Add-Type 'using System.Runtime.InteropServices; public static class Host { static object kept; public static void KeepAlive() => kept = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => c.Cancel = true); }'"
            '[Host]::KeepAlive()'
            "Copy-OciImage $a/app:large $b/app:large"
        )
        Wait-Upload $b 6
        $null = Send-Termination $process
        $process.ExitCode | Should -Not -Be 143
        (Get-State $b).openUploads | Should -Be 0
        @(Get-Cancelled $b).Count | Should -Be 6
    }

    It 'is not listened for when no command runs' {
        $b = Open-TestRegistry
        $ready = Join-Path $TestDrive 'ready'

        # The shortest of several: a busy machine only ever makes it longer, and one that waits for a second is never shorter.
        $shortest = [double]::MaxValue
        for ($try = 0; $try -lt 5 -and $shortest -ge 1; $try++) {
            Remove-Item $ready -ErrorAction SilentlyContinue
            $process = Start-Shell "Copy-OciImage $a/app:large $b/app:large", "Set-Content '$ready' 'x'", '[System.Threading.Thread]::Sleep(60000)'
            for ($i = 0; $i -lt 1200 -and -not (Test-Path $ready); $i++) { [System.Threading.Thread]::Sleep(25) }
            $shortest = [Math]::Min($shortest, (Send-Termination $process))
            $process.ExitCode | Should -Be 143
        }
        $shortest | Should -BeLessThan 1
    }
}
