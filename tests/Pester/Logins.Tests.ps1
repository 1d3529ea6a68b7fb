# Logins: where they come from, where they are stored, and that no secret is told.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Registries.ps1')
    $a = Open-TestRegistry
    $basic = Open-TestRegistry '--user alice:s3cret-Passw0rd --user bob:s3cret-Passw0rd'
    $token = Open-TestRegistry '--user alice:s3cret-Passw0rd --token'
    Initialize-TestRegistry $a
    $alice = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret-Passw0rd' -AsPlainText -Force))
    $bob = [pscredential]::new('bob', (ConvertTo-SecureString 's3cret-Passw0rd' -AsPlainText -Force))
    $wrong = [pscredential]::new('alice', (ConvertTo-SecureString 'wr0ng-Passw0rd' -AsPlainText -Force))
    $names = 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'REGISTRY_AUTH_FILE'
    $previous = @{}
    foreach ($name in $names) { $previous[$name] = [System.Environment]::GetEnvironmentVariable($name) }
    $env:DOCKER_CONFIG = $RegistryFolder
    $env:XDG_RUNTIME_DIR = $RegistryFolder
    $env:XDG_CONFIG_HOME = $RegistryFolder
    $env:REGISTRY_AUTH_FILE = ''
    $config = Join-Path $RegistryFolder 'config.json'
}

AfterAll {
    foreach ($name in $names) { [System.Environment]::SetEnvironmentVariable($name, $previous[$name]) }
    Close-TestRegistry
}

Describe 'A stored login' {
    AfterEach {
        Disconnect-OciRegistry -All
        if (Test-Path $config) { Remove-Item -LiteralPath $config }
    }

    It 'outlives the session and keeps the rest of the file' {
        Set-Content -LiteralPath $config -Value '{"detachKeys": "ctrl-e,e", "auths": {"other.test": {"auth": "eDp5"}}}'
        $connection = Connect-OciRegistry $basic -Credential $alice -Save
        $connection.Source | Should -Be "'$config'"
        $file = Get-Content -Raw -LiteralPath $config | ConvertFrom-Json
        $file.detachKeys | Should -Be 'ctrl-e,e'
        $file.auths.'other.test'.auth | Should -Be 'eDp5'
        $file.auths.$basic.auth | Should -Not -BeNullOrEmpty
        Disconnect-OciRegistry $basic
        (Get-Content -Raw -LiteralPath $config) | Should -Not -BeLike "*$basic*"
        { Get-OciTag $basic/x -ErrorAction Stop } | Should -Throw -ErrorId 'OciUnauthorized*'
    }

    It 'is found by the name that registries.conf gives another place' {
        $places = Join-Path $RegistryFolder 'places.conf'
        Set-Content -LiteralPath $places -Value '[[registry]]', 'prefix = "registry.corp.local"', "location = `"$basic`"", 'insecure = true'
        $previousPlaces = $env:CONTAINERS_REGISTRIES_CONF
        $env:CONTAINERS_REGISTRIES_CONF = $places
        try {
            $null = Connect-OciRegistry registry.corp.local -Credential $alice -Save
            (Get-OciRegistry registry.corp.local).Username | Should -Be 'alice'
            (Get-OciRegistry https://registry.corp.local/).Registry | Should -Be $basic
            @(Get-OciRegistry registry.corp.*).Count | Should -Be 0
        } finally {
            $env:CONTAINERS_REGISTRIES_CONF = $previousPlaces
        }
    }

    It 'is not stored when it is wrong' {
        { Connect-OciRegistry $token -Credential $wrong -Save -ErrorAction Stop } | Should -Throw -ErrorId 'OciUnauthorized*'
        Test-Path $config | Should -BeFalse
    }

    It 'stays when only the session is disconnected' {
        $file = Join-Path $RegistryFolder 'auth.json'
        $null = Connect-OciRegistry $basic -Credential $alice -Save -AuthFilePath $file
        $null = Connect-OciRegistry $basic -Credential $bob
        Disconnect-OciRegistry $basic
        (Get-OciRegistry $basic -AuthFilePath $file).Username | Should -Be 'alice'
        ("$a/pause:3.9" | Sync-OciImage $basic/x -AuthFilePath $file).Status | Should -Be 'Copied'
        Disconnect-OciRegistry $basic -AuthFilePath $file
        @(Get-OciRegistry $basic -AuthFilePath $file).Count | Should -Be 0
    }

    It 'is not removed by -WhatIf' {
        $null = Connect-OciRegistry $basic -Credential $alice -Save
        Disconnect-OciRegistry $basic -WhatIf
        (Get-OciRegistry $basic).Source | Should -Be "'$config'"
    }

    It 'of another tool is named and left alone' {
        $other = Join-Path $RegistryFolder 'containers/auth.json'
        $null = New-Item -ItemType Directory -Path (Split-Path -Parent $other) -Force
        Set-Content -LiteralPath $other -Value "{`"auths`": {`"$basic`": {`"username`": `"alice`", `"password`": `"s3cret-Passw0rd`"}}}"
        $warnings = @()
        Disconnect-OciRegistry $basic -WarningVariable warnings -WarningAction SilentlyContinue
        "$($warnings[0])" | Should -BeLike "*$other*"
        (Get-OciRegistry $basic).Username | Should -Be 'alice'
        Remove-Item -LiteralPath $other
    }
}

Describe 'A login' {
    AfterEach { Disconnect-OciRegistry -All }

    It 'can be for a namespace' {
        $null = Connect-OciRegistry $basic/team -Credential $alice
        ("$a/pause:3.9" | Sync-OciImage $basic/team).Status | Should -Be 'Copied'
        { Get-OciTag $basic/other/x -ErrorAction Stop } | Should -Throw -ErrorId 'OciUnauthorized*'
        (Get-OciRegistry "$basic/*").Registry | Should -Be "$basic/team"
    }

    It 'can be one of several' {
        (Connect-OciRegistry $basic -Credential $alice, $bob).Username | Should -Be 'alice, bob'
        { Connect-OciRegistry $basic -Credential $bob, $wrong -ErrorAction Stop } | Should -Throw -ErrorId 'OciUnauthorized*'
        (Get-OciRegistry $basic).Username | Should -Be 'alice, bob'
    }

    It 'that is handed on may be missing' {
        $null = Connect-OciRegistry $basic -Credential $alice
        ("$a/pause:3.9" | Sync-OciImage $basic/handed -SourceCredential $null -DestinationCredential ([pscredential]::Empty)).Status | Should -Be 'Copied'
        (Connect-OciRegistry $a -Credential $null).Username | Should -BeNullOrEmpty
        (Connect-OciRegistry $a -Credential ([pscredential]::Empty)).Username | Should -BeNullOrEmpty
    }

    It 'is not used with -Anonymous' {
        $null = Connect-OciRegistry $basic -Credential $alice
        { Get-OciTag $basic/x -Anonymous -ErrorAction Stop } | Should -Throw -ErrorId 'OciUnauthorized*'
    }

    It 'goes to one registry and no other' {
        $failures = @()
        $null = "$a/pause:3.9", "$basic/x:1" | Get-OciDigest -Credential $alice -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciCredentialAmbiguous,*'
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'contradicts -Anonymous' {
        { Get-OciTag $basic/x -Credential $alice -Anonymous } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
    }

    It 'that is a token is for registries with tokens' {
        $secret = ConvertTo-SecureString 'not-a-token' -AsPlainText -Force
        { Get-OciTag $token/x -Token $secret -ErrorAction Stop } | Should -Throw -ErrorId 'OciUnauthorized*'
    }

    It 'without a password says what to do where nobody can be asked' {
        . (Join-Path $PSScriptRoot '../../tools/build/common.ps1')
        $runner = Get-ScriptRunner
        $output = & $runner.Command @($runner.Arguments) (Join-Path $PSScriptRoot 'Ask.ps1') $basic 2>&1
        $LASTEXITCODE | Should -Be 3
        "$output" | Should -BeLike "*nobody to ask*AuthFilePath*"
    }

    It 'that is <how> has its id, category and advice: <what>' -ForEach @(
        @{ What = 'basic'; How = 'wrong' }, @{ What = 'token'; How = 'wrong' }, @{ What = 'basic'; How = 'missing' }, @{ What = 'token'; How = 'missing' }
    ) {
        $registry = if ($what -eq 'basic') { $basic } else { $token }
        $login = if ($how -eq 'wrong') { @{ Credential = $wrong } } else { @{ Anonymous = $true } }
        if ($how -eq 'wrong') { $from = @{ SourceCredential = $wrong }; $to = @{ DestinationCredential = $wrong } } else { $from = @{}; $to = @{} }
        $list = @(); $inspect = @(); $pull = @(); $push = @()
        Get-OciTag $registry/x @login -ErrorVariable list -ErrorAction SilentlyContinue
        Get-OciDigest $registry/x:1 @login -ErrorVariable inspect -ErrorAction SilentlyContinue
        $null = Copy-OciImage $registry/x:1 $a/y:1 @from -ErrorVariable pull -ErrorAction SilentlyContinue
        $null = Copy-OciImage $a/pause:3.9 $registry/y:1 @to -ErrorVariable push -ErrorAction SilentlyContinue
        foreach ($failures in $list, $inspect, $pull, $push) {
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciUnauthorized,*'
            $failures[0].CategoryInfo.Category | Should -Be 'AuthenticationError'
            "$($failures[0])" | Should -BeLike "*Connect-OciRegistry $registry -Credential*"
            "$($failures[0])" | Should -BeLike $(if ($how -eq 'wrong') { '*refused the login of*alice*' } else { '*asks for a login*' })
        }
    }
}

Describe 'Test-OciRegistry' {
    AfterEach { Disconnect-OciRegistry -All }

    It 'uses the logins that the others would use, and says which' {
        $file = Join-Path $RegistryFolder 'diagnosis.json'
        Set-Content -LiteralPath $file -Value "{`"auths`": {`"$token`": {`"username`": `"alice`", `"password`": `"s3cret-Passw0rd`"}}}"
        (Test-OciRegistry $token/x -AuthFilePath $file | Where-Object Step -eq 'Token').CredentialSource | Should -BeLike "*$file*"
        $null = Connect-OciRegistry $token -Credential $alice
        (Test-OciRegistry $token/x -Push | Where-Object Step -eq 'Push').Result | Should -Be 'Passed'
        (Test-OciRegistry $token/x | Where-Object Step -eq 'Token').CredentialSource | Should -Be 'Connect-OciRegistry'
        (Test-OciRegistry $token/x -Credential $alice | Where-Object Step -eq 'Token').CredentialSource | Should -Be 'given to the command'
        (Test-OciRegistry $token/x -Anonymous -Push | Where-Object Result -eq 'Failed').CredentialSource | Should -Be 'none'
        (Test-OciRegistry $basic -Credential $wrong | Where-Object Result -eq 'Failed').ErrorId | Should -Be 'OciUnauthorized'
        { Test-OciRegistry $token -Credential $alice -Anonymous } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
    }

    It 'takes a token of the registry itself' {
        $secret = ConvertTo-SecureString 'not-a-token' -AsPlainText -Force
        (Test-OciRegistry $token/x -Token $secret | Where-Object Result -eq 'Failed').ErrorId | Should -Be 'OciUnauthorized'
    }

    It 'gives a row as it comes' {
        @(Test-OciRegistry $token/x | Select-Object -First 1).Step | Should -Be 'Dns'
    }
}

Describe 'No secret is told' {
    It 'by any stream, error or object: <what>' -ForEach @(@{ What = 'basic' }, @{ What = 'token' }) {
        $registry = if ($what -eq 'basic') { $basic } else { $token }
        $failures = @()
        $all = @(
            & {
                $DebugPreference = 'Continue'
                Connect-OciRegistry $registry -Credential $alice -Save -Verbose
                "$a/pause:3.9", "$a/pause:nope" | Sync-OciImage $registry/x -Verbose -ErrorVariable +failures -ErrorAction SilentlyContinue
                Get-OciTag $registry/x/pause -Verbose
                Get-OciRegistry -Verbose
                Get-OciTag $registry/x/pause -Credential $wrong -Verbose -ErrorVariable +failures -ErrorAction SilentlyContinue
                Disconnect-OciRegistry $registry -Verbose
            } *>&1
        )
        $text = @($all + $failures | ForEach-Object {
            "$_"
            $_ | Format-List -Property * -Force | Out-String
            if ($_ -is [System.Management.Automation.ErrorRecord]) { $_.Exception.ToString() }
        }) -join "`n"
        $text | Should -BeLike '*login of*alice*'
        foreach ($secret in 's3cret-Passw0rd', 'wr0ng-Passw0rd') {
            $text.Contains($secret) | Should -BeFalse
            foreach ($pair in $secret, "alice:$secret") {
                $encoded = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($pair))
                $text.Contains($encoded) | Should -BeFalse
            }
        }
        $text | Should -Not -Match 'Bearer (?!realm=)[A-Za-z0-9]'
    }
}
