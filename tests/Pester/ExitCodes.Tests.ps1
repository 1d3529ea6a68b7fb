# The codes that arrive where the shipped scripts are run from: in a process of their own, as their callers start them.

Describe 'The exit code of' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $examples = Join-Path (Split-Path -Parent (Split-Path -Parent $PSScriptRoot)) 'examples'
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        $slow = Open-TestRegistry '--rate 50000'
        $null = & dotnet $RegistryProgram seed $a --repository app --tags '1.0.0,1.1.0' --layer-size 1000000 --seed 10
        $before = @{ Path = $env:PSModulePath; Config = $env:CONTAINERS_REGISTRIES_CONF; User = $env:DEST_HUB_USERNAME; Parts = $env:MIRROR_PARTS; Index = $env:JOB_COMPLETION_INDEX }
        $env:PSModulePath = (Split-Path -Parent (Split-Path -Parent ((Get-Module OciSync).Path -replace 'bin.*$', 'x'))) + [System.IO.Path]::PathSeparator + $env:PSModulePath
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
        $env:DEST_HUB_USERNAME = 'me'
        $env:MIRROR_PARTS = '1'
        $env:JOB_COMPLETION_INDEX = '0'
        $shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
        $first = @(if ((Split-Path -Leaf $shell) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' })

        # What docker.io, Aliyun and the corp's registry are for the test.
        function Set-Place([string] $Address) {
            Set-Content -LiteralPath $env:CONTAINERS_REGISTRIES_CONF -Value @(
                'docker.io', 'registry.cn-hangzhou.aliyuncs.com', 'registry.corp.local' | ForEach-Object { "[[registry]]`nprefix = `"$_`"`nlocation = `"$Address`"`ninsecure = true" })
        }

        function Set-List([string[]] $Tag) {
            foreach ($file in 'config.yaml', 'custom_sync.yaml', 'mirror.yaml') {
                Set-Content -LiteralPath (Join-Path $RegistryFolder $file) -Value (@('ocisync: 1', 'destinations: [registry.corp.local/mirror]', 'images:', "  $a/app: [$(@($Tag | ForEach-Object { "'$_'" }) -join ', ')]"))
            }
        }

        # The block below a key of a YAML file, without its indentation.
        function Get-Block([string] $File, [string] $Key) {
            $text = [regex]::Match((Get-Content -Raw (Join-Path $examples $File)), "(?m)^( *)(- )?$([regex]::Escape($Key)): \|\r?\n((?:\1  +.*\r?\n|\r?\n)+)").Groups[3].Value
            $indent = [regex]::Match($text, '^ +').Value
            $text -replace "(?m)^$indent", ''
        }

        function Start-Script([string] $Text, [string[]] $How, [string[]] $Argument = @()) {
            $file = Join-Path $RegistryFolder 'script.ps1'
            Set-Content -LiteralPath $file -Value $Text
            $start = [System.Diagnostics.ProcessStartInfo]::new($shell)
            foreach ($part in $first + '-NoProfile' + '-NonInteractive' + ($How | ForEach-Object { $_ -replace '\{0\}', $file }) + $Argument) { $start.ArgumentList.Add($part) }
            $start.WorkingDirectory = $RegistryFolder
            $start.RedirectStandardOutput = $true
            $start.RedirectStandardError = $true
            [System.Diagnostics.Process]::Start($start)
        }

        function Wait-Exit([System.Diagnostics.Process] $Process) {
            if (-not $Process.WaitForExit(60000)) { $Process.Kill(); throw 'It did not end.' }
            $Process.ExitCode
        }

        function Get-Request([string] $Registry) { @(Invoke-RestMethod "http://$Registry/_control/requests" | ForEach-Object { $_ }) }

        # True in the middle of a layer's upload, when the address of each upload that was begun is known to who began it: one that isn't can't be cancelled.
        function Test-Upload {
            $open = @(Get-Request $slow | Where-Object { $null -eq $_.duration })
            @($open | Where-Object { $_.method -in 'PUT', 'PATCH' -and $_.bytesIn -gt 20000 }).Count -gt 0 -and 'POST' -notin $open.method
        }

        # Stops the script there.
        function Stop-Script([System.Diagnostics.Process] $Process) {
            for ($i = 0; $i -lt 1200 -and -not $Process.HasExited -and -not (Test-Upload); $i++) { [System.Threading.Thread]::Sleep(25) }
            & kill -INT $Process.Id
            Wait-Exit $Process
        }

        # As the runner of GitHub calls a step whose shell is pwsh, and with what it puts before and after.
        $github = '-command', ". '{0}'"
        function Get-Step([string] $File) {
            "`$ErrorActionPreference = 'stop'`n$(Get-Block $File 'run')`nif ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit `$LASTEXITCODE }"
        }

        # A background job of a shell starts with SIGINT ignored, and its children inherit that.
        $isDeaf = -not (Test-Path /proc/self/status) -or ([convert]::ToUInt64(((Get-Content /proc/self/status) -match '^SigIgn:')[0].Split("`t")[1], 16) -band 2) -ne 0
    }

    AfterAll {
        $env:PSModulePath = $before.Path
        $env:CONTAINERS_REGISTRIES_CONF = $before.Config
        $env:DEST_HUB_USERNAME = $before.User
        $env:MIRROR_PARTS = $before.Parts
        $env:JOB_COMPLETION_INDEX = $before.Index
        Close-TestRegistry
    }

    It 'a step of <_> is 0 or 1, as GitHub calls it' -ForEach 'github-daily.yml', 'github-matrix.yml' -Skip:($PSEdition -ne 'Core') {
        $env:PART = '1/1'
        Set-Place $b
        Set-List 1.0.0
        Wait-Exit (Start-Script (Get-Step $_) $github) | Should -Be 0
        Set-List 1.0.0, 9.9.9
        $process = Start-Script (Get-Step $_) $github
        $said = $process.StandardOutput.ReadToEnd()
        Wait-Exit $process | Should -Be 1
        $said | Should -BeLike '*failed, * not found*'
        Get-Block $_ run | Should -Not -Match 'exit [2-9]'
    }

    It 'exit 2 does not arrive from such a step' -Skip:($PSEdition -ne 'Core') {
        Wait-Exit (Start-Script 'exit 2' $github) | Should -Be 1
        Wait-Exit (Start-Script 'exit 2' '-File', '{0}') | Should -Be 2
    }

    It 'the job of kubernetes-job.yaml is 0, 2, or 130 when it is interrupted' -Skip:($PSEdition -ne 'Core') {
        $script = Get-Block kubernetes-job.yaml mirror.ps1
        Set-Place $b
        Set-List 1.0.0
        Wait-Exit (Start-Script $script '-File', '{0}') | Should -Be 0
        Set-List 1.0.0, 9.9.9
        Wait-Exit (Start-Script $script '-File', '{0}') | Should -Be 2
        if ($isDeaf) { Set-ItResult -Skipped -Because 'this session ignores SIGINT, and so do its children' }
        Set-Place $slow
        Set-List 1.0.0
        Stop-Script (Start-Script $script '-File', '{0}') | Should -Be 130
        (Invoke-RestMethod "http://$slow/_control/state").openUploads | Should -Be 0
    }

    It 'an interrupted <Name> is 130' -Skip:($PSEdition -ne 'Core' -or $IsWindows) -ForEach @(
        @{ Name = 'scheduled-task.ps1'; Argument = '-ConfigPath', 'config.yaml', '-Destination', 'registry.corp.local/task', '-LogFolder', 'logs' }
        @{ Name = 'airgap-in.ps1'; Argument = '-Folder', 'carry', '-Destination', 'registry.corp.local/in' }
    ) {
        if ($isDeaf) { Set-ItResult -Skipped -Because 'this session ignores SIGINT, and so do its children' }
        Set-Place $slow
        Set-List 1.0.0
        if (-not (Test-Path (Join-Path $RegistryFolder carry))) { $null = Sync-OciImage -Source $a/app:1.1.0 -Destination "oci:$(Join-Path $RegistryFolder carry)" }
        $text = Get-Content -Raw (Join-Path $examples $Name)
        $null = Invoke-RestMethod "http://$slow/_control/requests" -Method Delete
        Stop-Script (Start-Script $text '-File', '{0}' $Argument) | Should -Be 130
        (Invoke-RestMethod "http://$slow/_control/state").openUploads | Should -Be 0
    }

    It 'a script that is called by a line of text leaves the code to the caller' -Skip:($PSEdition -ne 'Core' -or $IsWindows) {
        if ($isDeaf) { Set-ItResult -Skipped -Because 'this session ignores SIGINT, and so do its children' }
        Set-Place $slow
        $null = Invoke-RestMethod "http://$slow/_control/requests" -Method Delete
        $file = Join-Path $RegistryFolder 'typed.ps1'
        Set-Content -LiteralPath $file -Value (Get-Content -Raw (Join-Path $examples airgap-in.ps1))
        $process = Start-Script "& '$file' -Folder carry -Destination registry.corp.local/in" $github
        Stop-Script $process | Should -Be 1
    }

    It 'an interrupted script without a finally is 0' -Skip:($PSEdition -ne 'Core' -or $IsWindows) {
        if ($isDeaf) { Set-ItResult -Skipped -Because 'this session ignores SIGINT, and so do its children' }
        $null = Invoke-RestMethod "http://$slow/_control/requests" -Method Delete
        Stop-Script (Start-Script "Copy-OciImage $a/app:1.1.0 $slow/plain:1; exit 7" '-File', '{0}') | Should -Be 0
        $null = Invoke-RestMethod "http://$slow/_control/requests" -Method Delete
        Stop-Script (Start-Script "Copy-OciImage $a/app:1.1.0 $slow/plain:1; exit 7" $github) | Should -Be 1
    }
}
