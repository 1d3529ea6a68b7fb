# The scripts of examples/, and those that stand in its workflows and manifests, run as they are.

Describe 'The script of' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $examples = Join-Path (Split-Path -Parent (Split-Path -Parent $PSScriptRoot)) 'examples'
        $source = Open-TestRegistry
        $corp = Open-TestRegistry
        $hub = Open-TestRegistry
        Initialize-TestRegistry $source
        $null = & dotnet $RegistryProgram seed $source --repository prometheus/prometheus --tags 'v3.5.0,v3.6.0,v3.7.0,v3.7.1'
        $before = @{}
        foreach ($name in 'CONTAINERS_REGISTRIES_CONF', 'DEST_HUB_USERNAME', 'DEST_HUB_PASSWORD', 'JOB_COMPLETION_INDEX', 'MIRROR_PARTS', 'PART', 'GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY') {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
        }
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
        $env:DEST_HUB_USERNAME = 'me'
        $env:DEST_HUB_PASSWORD = 'example'
        $places = @{
            'docker.io' = $source; 'registry.k8s.io' = $source; 'quay.io' = $source; 'registry.corp.local' = $corp
            'docker.io/me' = "$hub/me"; 'registry.cn-hangzhou.aliyuncs.com' = $corp
        }
        Set-Content -LiteralPath $env:CONTAINERS_REGISTRIES_CONF -Value @(
            $places.Keys | ForEach-Object { "[[registry]]`nprefix = `"$_`"`nlocation = `"$($places[$_])`"`ninsecure = true" })

        $config = Join-Path $RegistryFolder 'config.yaml'
        $custom = Join-Path $RegistryFolder 'custom_sync.yaml'
        function Set-Config([string] $Tag) {
            Set-Content -LiteralPath $config -Value 'last: 2', "exclude: ['rc']", 'images:', '  registry.k8s.io:', '    - pause', '  docker.io:', '    - library/alpine'
            Set-Content -LiteralPath $custom -Value 'quay.io:', '  images:', '    prometheus/prometheus:', "    - $Tag"
        }

        # What stands below a key of a YAML file as a block, without its indentation.
        function Get-Block([string] $File, [string] $Key) {
            $lines = @(Get-Content -LiteralPath (Join-Path $examples $File))
            $start = -1
            for ($i = 0; $i -lt $lines.Count; $i++) { if ($lines[$i].Trim() -eq "${Key}: |") { $start = $i } }
            if ($start -lt 0) { throw "$File has no block $Key." }
            $indent = $lines[$start + 1].Length - $lines[$start + 1].TrimStart().Length
            for ($i = $start + 1; $i -lt $lines.Count -and ($lines[$i].Trim() -eq '' -or $lines[$i].StartsWith(' ' * $indent)); $i++) {
                if ($lines[$i].Length -gt $indent) { $lines[$i].Substring($indent) } else { '' }
            }
        }

        function Invoke-Script([string[]] $Text, [string] $Name = 'step.ps1') {
            $file = Join-Path $RegistryFolder $Name
            Set-Content -LiteralPath $file -Value (@("`$ErrorActionPreference = 'Stop'") + $Text)
            Push-Location $RegistryFolder
            try { $null = & $file 3>$null } finally { Pop-Location }
            $LASTEXITCODE
        }
    }

    AfterAll {
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        Close-TestRegistry
    }

    It 'github-daily.yml copies to both places, and its exit code says what failed' {
        $text = Get-Block github-daily.yml run
        Set-Config v3.7.1
        $env:GITHUB_ACTIONS = 'true'
        $env:GITHUB_STEP_SUMMARY = Join-Path $RegistryFolder 'summary.md'
        try {
            Invoke-Script $text | Should -Be 0
            Set-Config v9.9.9
            Invoke-Script $text | Should -Be 1
        } finally {
            $env:GITHUB_ACTIONS = $null
        }
        (Get-OciTag $hub/me/alpine).Tag | Should -Be @('3.23.3', '3.23.4')
        (Get-OciTag $corp/me/pause).Tag | Should -Be @('3.9', '3.10')
        (Get-OciTag $corp/me/prometheus).Tag | Should -Be 'v3.7.1'
        Get-Content -Raw $env:GITHUB_STEP_SUMMARY | Should -BeLike '*2 Failed, 8 UpToDate*'
    }

    It 'github-matrix.yml copies each image in one of its parts' {
        Set-Config v3.7.1
        $text = (Get-Block github-matrix.yml run) | ForEach-Object { $_.Replace('docker.io/$env:DEST_HUB_USERNAME', 'registry.corp.local/matrix') }
        foreach ($part in 1..4) {
            $env:PART = "$part/4"
            Invoke-Script $text | Should -Be 0
        }
        (Get-OciTag $corp/matrix/alpine).Tag | Should -Be @('3.23.3', '3.23.4')
        (Get-OciTag $corp/matrix/pause).Tag | Should -Be @('3.9', '3.10')
    }

    It 'kubernetes-job.yaml copies each image in one of its parts' {
        Set-Content -LiteralPath (Join-Path $RegistryFolder 'mirror.yaml') -Value (Get-Block kubernetes-job.yaml 'mirror.yaml')
        $env:MIRROR_PARTS = '3'
        foreach ($index in 0..2) {
            $env:JOB_COMPLETION_INDEX = "$index"
            Invoke-Script (Get-Block kubernetes-job.yaml 'mirror.ps1') 'mirror.ps1' | Should -Be 0
        }
        (Get-OciTag $corp/mirror/alpine).Tag.Count | Should -Be 3
        (Get-OciTag $corp/mirror/prometheus).Tag | Should -Be 'v3.7.1'
        (Get-OciTag $corp/mirror/pause).Tag | Should -Contain '3.10'
    }

    It 'scheduled-task.ps1 keeps a log and gives a code for each end' {
        Set-Config v3.7.1
        $logs = Join-Path $RegistryFolder 'logs'
        $script = Join-Path $examples 'scheduled-task.ps1'
        $null = New-Item -ItemType Directory -Path $logs
        Set-Content -LiteralPath (Join-Path $logs 'mirror-old.log') -Value 'old'
        (Get-Item (Join-Path $logs 'mirror-old.log')).LastWriteTime = [datetime]::Now.AddDays(-40)
        & $script -ConfigPath $config -Destination registry.corp.local/task -LogFolder $logs
        $LASTEXITCODE | Should -Be 0
        Test-Path (Join-Path $logs 'mirror-old.log') | Should -BeFalse
        (Get-Content -Raw (Get-ChildItem $logs).FullName) | Should -BeLike '*Copied registry.k8s.io/pause:3.10 -> registry.corp.local/task/pause:3.10*4 images, 0 failed*'
        Set-Config v9.9.9
        & $script -ConfigPath $custom -Destination registry.corp.local/task -LogFolder $logs
        $LASTEXITCODE | Should -Be 2
        Set-Content -LiteralPath $custom -Value 'quay.io:', '  imagez: 1'
        & $script -ConfigPath $custom -Destination registry.corp.local/task -LogFolder $logs
        $LASTEXITCODE | Should -Be 1
        @(Get-ChildItem $logs | ForEach-Object { Get-Content -Raw $_.FullName } | Where-Object { $_ -like '*Error: *imagez*' }).Count | Should -Be 1
    }

    It 'nightly-mirror.ps1 holds back what is young, and writes what nodes need' {
        Set-Config v3.7.1
        $script = Join-Path $examples 'nightly-mirror.ps1'
        $more = @{ ConfigPath = $config; Destination = 'registry.corp.local/nightly'; StatePath = (Join-Path $RegistryFolder 'kept'); NodeFolder = (Join-Path $RegistryFolder 'certs.d') }
        $said = @(& $script @more)
        $LASTEXITCODE | Should -Be 0
        "$said" | Should -BeLike '*Skipped*Not yet: registry.k8s.io/pause:3.10, from*'
        Test-Path $more.NodeFolder | Should -BeFalse
        $said = @(& $script @more -Urgent 'registry.k8s.io/pause')
        $LASTEXITCODE | Should -Be 0
        "$said" | Should -BeLike '*2 Copied*Written: *registry.k8s.io*hosts.toml*'
        Get-Content -Raw (Join-Path $more.NodeFolder 'registry.k8s.io/hosts.toml') | Should -BeLike '*/v2/nightly/registry.k8s.io"*override_path = true*'
        @(& $script @more -MinimumAge 0)[0] | Should -BeLike '* Copied'
        $LASTEXITCODE | Should -Be 0
    }

    It 'follow-repository.ps1 mirrors what the files of a repository name, and follows it' {
        if (-not (Get-Command git -CommandType Application -ErrorAction SilentlyContinue)) {
            Set-ItResult -Skipped -Because 'git is not installed'
            return
        }
        $upstream = Join-Path $RegistryFolder 'upstream'
        $null = New-Item -ItemType Directory -Path (Join-Path $upstream 'deploy/templates') -Force
        $pod = "apiVersion: v1`nkind: Pod`nmetadata: {name: p}`nspec:`n  containers:`n  - {name: a, image: 'registry.k8s.io/pause:3.9'}`n"
        Set-Content -LiteralPath (Join-Path $upstream 'deploy/pod.yaml') -Value $pod
        Set-Content -LiteralPath (Join-Path $upstream 'deploy/Chart.yaml') -Value 'apiVersion: v2', 'name: c', 'version: 1.0.0'
        Set-Content -LiteralPath (Join-Path $upstream 'deploy/templates/d.yaml') -Value 'image: {{ .Values.x }}'
        function Invoke-Commit {
            git -C $upstream add -A 2>$null
            git -C $upstream -c user.name=a -c user.email=a@example.org commit -q -m change
        }
        git init -q -b main $upstream
        Invoke-Commit

        $script = Join-Path $examples 'follow-repository.ps1'
        $more = @{
            Repository = $upstream; Clone = (Join-Path $RegistryFolder 'clone'); Destination = 'registry.corp.local/followed'
            SyncFile = (Join-Path $RegistryFolder 'followed.yaml')
        }
        $said = @(& $script @more)
        $LASTEXITCODE | Should -Be 0
        "$said" | Should -BeLike '*1 images are named.*1 Copied*'
        (Get-OciTag $corp/followed/registry.k8s.io/pause).Tag | Should -Be '3.9'
        Get-Content -Raw $more.SyncFile | Should -BeLike '*registry.k8s.io*3.9*'

        Set-Content -LiteralPath (Join-Path $upstream 'deploy/pod.yaml') -Value $pod.Replace('3.9', '3.10')
        Set-Content -LiteralPath (Join-Path $upstream 'Dockerfile') -Value 'FROM alpine:3.23.4', 'FROM alpine:0.0.1'
        Invoke-Commit
        $said = @(& $script @more)
        $LASTEXITCODE | Should -Be 2
        "$said" | Should -BeLike '*3 images are named.*2 Copied*Failed: docker.io/library/alpine:0.0.1 (*Dockerfile, line 2)*'
        (Get-OciTag $corp/followed/registry.k8s.io/pause).Tag | Should -Be @('3.9', '3.10')
        { & $script @more -Branch 'none' 2>$null } | Should -Throw 'git ended with*'
    }

    It 'airgap-out.ps1 and airgap-in.ps1 carry images with their digests' {
        Set-Config v3.7.1
        $carry = Join-Path $RegistryFolder 'carry'
        $said = @(& (Join-Path $examples 'airgap-out.ps1') -ConfigPath $config, $custom -Folder $carry)
        $LASTEXITCODE | Should -Be 0
        "$said" | Should -BeLike '*5 images in*'
        $said = @(& (Join-Path $examples 'airgap-in.ps1') -Folder $carry -Destination registry.corp.local/inside)
        $LASTEXITCODE | Should -Be 0
        "$said" | Should -BeLike '*5 of 5 images are in place*'
        (Get-OciDigest $corp/inside/library/alpine:3.23.4).Digest | Should -Be (Get-OciDigest $source/library/alpine:3.23.4).Digest
        Add-Content -LiteralPath (Join-Path $carry 'contents.csv') -Value "`"lost:1`",`"sha256:$('0' * 64)`",`"0`""
        $said = @(& (Join-Path $examples 'airgap-in.ps1') -Folder $carry -Destination registry.corp.local/inside)
        $LASTEXITCODE | Should -Be 2
        "$said" | Should -BeLike '*Not in the folder: lost:1*'
        & (Join-Path $examples 'airgap-in.ps1') -Folder $carry -Destination 127.0.0.1:1/inside | Select-Object -Last 1 | Should -BeLike '0 of 5*'
        $LASTEXITCODE | Should -Be 1
    }

    It 'serve-folder.ps1 serves until it is stopped, with a line for each request in its log' {
        $folder = Join-Path $RegistryFolder 'served'
        $log = Join-Path $RegistryFolder 'served.log'
        $null = Copy-OciImage alpine:3.22.4 "oci:${folder}:docker.io/library/alpine:3.22.4"
        $port = Get-FreePort
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript('Import-Module $args[0]; & $args[1] -Path $args[2] -Port $args[3] -LogPath $args[4]')
            foreach ($argument in (Join-Path (Get-Module OciSync).ModuleBase 'OciSync.psd1'), (Join-Path $examples 'serve-folder.ps1'), $folder, $port, $log) {
                $null = $shell.AddArgument($argument)
            }
            $run = $shell.BeginInvoke()
            $names = $null
            for ($i = 0; $i -lt 1200 -and -not $names -and -not $run.IsCompleted; $i++) {
                try { $names = (Invoke-RestMethod "http://127.0.0.1:$port/v2/_catalog").repositories } catch { [System.Threading.Thread]::Sleep(25) }
            }
            $names | Should -Be 'docker.io/library/alpine'

            # The line goes through the script's own pipeline, after the answer.
            for ($i = 0; $i -lt 1200 -and -not $run.IsCompleted -and (Get-Content -Raw -LiteralPath $log) -notmatch '_catalog 200'; $i++) {
                [System.Threading.Thread]::Sleep(25)
            }
        }
        finally {
            $shell.Stop()
            $shell.Dispose()
        }
        Get-Content -Raw -LiteralPath $log | Should -Match 'GET /v2/_catalog 200'
        { Invoke-RestMethod "http://127.0.0.1:$port/v2/" } | Should -Throw
    }

    It 'ocisync-server.service calls the cmdlet with parameters that it has' {
        $line = Get-Content -LiteralPath (Join-Path $examples 'ocisync-server.service') | Where-Object { $_ -like 'ExecStart=*' }
        $command = [regex]::Match($line, '-Command "(.*)"$').Groups[1].Value.Replace('$$', '$')
        $errors = $null
        $script = [System.Management.Automation.Language.Parser]::ParseInput($command, [ref] $null, [ref] $errors)
        $errors.Count | Should -Be 0
        $names = $script.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandParameterAst] }, $true).ParameterName
        $names | Should -Contain 'Wait'
        $names | ForEach-Object { (Get-Command Start-OciRegistryServer).Parameters.Keys | Should -Contain $_ }
    }
}
