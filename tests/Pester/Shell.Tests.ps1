# What only a real shell has: packages and their installation, jobs, runspaces, completion.

BeforeDiscovery {
    $isCore = $PSVersionTable.PSVersion.Major -ge 7
    $isUnix = $isCore -and -not $IsWindows
    $hasPowerShellGet = $isUnix -and $null -ne (Get-Module -ListAvailable PowerShellGet | Where-Object { $_.Version.Major -eq 2 })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Registries.ps1')
    $top = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
    . (Join-Path $top 'tools/build/common.ps1')
    $module = Join-Path $top 'out/OciSync/OciSync.psd1'
    $source = Open-TestRegistry
    $null = & dotnet $RegistryProgram seed $source --repository app --tags '1.0.0,1.1.0,1.2.0,1.10.0'

    # A script in a process of its own, whose home is a folder of the test; what it wrote, as lines.
    function Invoke-AtHome([string[]] $Text) {
        $script = Join-Path $RegistryFolder 'at-home.ps1'
        Set-Content -LiteralPath $script -Value (@("`$ErrorActionPreference = 'Stop'", "`$top = '$top'", "`$feed = '$feed'") + $Text)
        $before = @{ HOME = $env:HOME; XDG_DATA_HOME = $env:XDG_DATA_HOME; PSModulePath = $env:PSModulePath }
        $env:HOME = Join-Path $RegistryFolder ([guid]::NewGuid().ToString('N'))
        $null = New-Item -ItemType Directory -Path $env:HOME
        $env:XDG_DATA_HOME = ''
        $env:PSModulePath = ''
        $runner = Get-ScriptRunner
        try { & $runner.Command @($runner.Arguments) $script 2>&1 | ForEach-Object { "$_" } }
        finally { foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
        if ($LASTEXITCODE -ne 0) { "It ended with $LASTEXITCODE." }
    }
}

AfterAll {
    Close-TestRegistry
}

Describe 'The module from a repository of packages' -Skip:(-not $isUnix) {
    BeforeEach {
        $feed = Join-Path $RegistryFolder ([guid]::NewGuid().ToString('N'))
        $null = New-Item -ItemType Directory -Path $feed
        $use = @(
            'Get-Module -ListAvailable OciSync | ForEach-Object { "$($_.Version)" }'
            "(Get-OciTag $source/app -Latest 1).Tag"
            '(Get-Module OciSync).ModuleBase.StartsWith($HOME)'
            '(Get-Help Get-OciTag).Synopsis'
        )
        $wanted = @('0.1.0', '1.10.0', 'True', 'Gets the tags of repositories as objects, sorted from the oldest version to the newest.')
    }

    It 'is installed by Install-PSResource from the package of the package task, and loads by itself' {
        Invoke-AtHome (@(
                '$null = & "$top/tools/package.ps1" -OutputFolder $feed'
                'Register-PSResourceRepository -Name Local -Uri $feed -Trusted'
                'Install-PSResource OciSync -Repository Local -Scope CurrentUser'
            ) + $use) | Should -Be $wanted
    }

    It 'is not made without a word when it has become too large' {
        { & (Join-Path $top 'tools/package.ps1') -OutputFolder $feed -MaximumMegabytes 1 } | Should -Throw 'The package has * MB, more than the 1 that it may have: *'
    }

    It 'is published by Publish-PSResource, and what that made is installed' {
        Invoke-AtHome (@(
                'Register-PSResourceRepository -Name Local -Uri $feed -Trusted'
                'Publish-PSResource -Path "$top/out/OciSync" -Repository Local'
                'Install-PSResource OciSync -Repository Local -Scope CurrentUser'
            ) + $use) | Should -Be $wanted
    }

    It 'is installed by Install-Module of PowerShellGet 2' -Skip:(-not $hasPowerShellGet) {
        Invoke-AtHome (@(
                '$null = & "$top/tools/package.ps1" -OutputFolder $feed'
                'Register-PSRepository -Name Local -SourceLocation $feed -InstallationPolicy Trusted'
                'Install-Module OciSync -Repository Local -Scope CurrentUser'
            ) + $use) | Should -Be $wanted
    }
}

Describe 'Other runspaces and processes' {
    It 'share what finds the engine until the last of them removes the module' -Skip:(-not $isCore) {
        # In a process of its own: a runspace that is closed with the module in it would leave that behind.
        Invoke-AtHome @(
            "`$manifest = '$module'"
            '$one, $two = 1..2 | ForEach-Object { $s = [powershell]::Create(); $null = $s.AddScript({ Import-Module $args[0] }).AddArgument($manifest).Invoke(); $s }'
            'function Remove-It($shell) { $shell.Commands.Clear(); $null = $shell.AddScript({ Remove-Module OciSync }).Invoke() }'
            # The runtime remembers an answer for each version asked for, so each question needs one of its own.
            'function Test-Engine([int] $Question) {'
            '    try { $null = [Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyName("OciSync.Core, Version=0.0.0.$Question"); $true }'
            '    catch { $false }'
            '}'
            'Test-Engine 1; Remove-It $one; Test-Engine 2; Remove-It $two; Test-Engine 3'
            'Import-Module $manifest; Test-Engine 4; Remove-Module OciSync; Test-Engine 5'
        ) | Should -Be 'True', 'True', 'False', 'True', 'False'
    }

    It 'give rows through Start-Job that go on in a pipeline here' {
        $rows = Start-Job { Import-Module $using:module; Get-OciTag "$using:source/app" } | Receive-Job -Wait -AutoRemoveJob
        $rows.Tag | Should -Be '1.0.0', '1.1.0', '1.2.0', '1.10.0'
        $copied = @($rows | Sync-OciImage "$(Open-TestRegistry)/jobs")
        $copied.Status | Should -Be @('Copied', 'Copied', 'Copied', 'Copied')
    }

    It 'give live objects through Start-ThreadJob' -Skip:(-not $isCore) {
        $rows = Start-ThreadJob { Import-Module $using:module; Get-OciTag "$using:source/app" } | Receive-Job -Wait -AutoRemoveJob
        ($rows | Sort-Object Version -Descending).Tag | Should -Be '1.10.0', '1.2.0', '1.1.0', '1.0.0'
        ($rows | Where-Object Version -ge '1.2').Tag | Should -Be '1.2.0', '1.10.0'
    }

    It 'copy at the same time in ForEach-Object -Parallel' -Skip:(-not $isCore) {
        $target = Open-TestRegistry
        # Windows PowerShell, which skips this, has no $using: here and no -Parallel.
        $copy = [scriptblock]::Create("Import-Module '$module'; Copy-OciImage `$_ ""$target/parallel:`$(`$_.Tag)""")
        $rows = @(Get-OciTag $source/app | ForEach-Object -Parallel $copy -ThrottleLimit 4)
        ($rows.Status | Sort-Object -Unique) | Should -Be 'Copied'
        (Get-OciTag $target/parallel).Tag | Should -Be '1.0.0', '1.1.0', '1.2.0', '1.10.0'
    }
}

Describe 'Completion' {
    It 'knows <what>' -ForEach @(
        @{ What = 'commands'; Text = 'Sync-Oci'; Wanted = 'Sync-OciImage' }
        @{ What = 'parameters'; Text = 'Copy-OciImage -Pres'; Wanted = '-PreserveDigest' }
        @{ What = 'values of enumerations'; Text = 'Get-OciTag x -Per Maj'; Wanted = 'Major' }
        @{ What = 'platforms'; Text = 'Copy-OciImage x y -Platform linux/arm6'; Wanted = 'linux/arm64' }
        @{ What = 'members of what comes through the pipeline'; Text = 'Get-OciTag x | Sort-Object Vers'; Wanted = 'Version' }
    ) {
        (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Contain $wanted
    }

    It 'knows the tags that were seen' {
        $null = Get-OciTag $source/app
        $text = "Copy-OciImage $source/app:1.1"
        (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Contain "$source/app:1.10.0"
    }
}

