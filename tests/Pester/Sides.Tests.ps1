# What is said of one side of a copy: logins, files of logins, the folder of blobs; and destinations that are a slip.

Describe 'The sides of a copy' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $open = Open-TestRegistry
        $one = Open-TestRegistry '--user alice:s3cret-Passw0rd'
        $two = Open-TestRegistry '--user bob:s3cret-Passw0rd'
        Initialize-TestRegistry $open
        $alice = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret-Passw0rd' -AsPlainText -Force))
        $bob = [pscredential]::new('bob', (ConvertTo-SecureString 's3cret-Passw0rd' -AsPlainText -Force))
        $names = 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'REGISTRY_AUTH_FILE'
        $previous = @{}
        foreach ($name in $names) { $previous[$name] = [System.Environment]::GetEnvironmentVariable($name) }
        $env:DOCKER_CONFIG = $RegistryFolder
        $env:XDG_RUNTIME_DIR = $RegistryFolder
        $env:XDG_CONFIG_HOME = $RegistryFolder
        $env:REGISTRY_AUTH_FILE = ''
        function ConvertTo-AuthFile([string] $Name, [string] $Registry, [string] $User) {
            $path = Join-Path $RegistryFolder $Name
            $auth = [convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes("${User}:s3cret-Passw0rd"))
            Set-Content -LiteralPath $path -Value (@{ auths = @{ $Registry = @{ auth = $auth } } } | ConvertTo-Json -Depth 5)
            $path
        }
        $fileOne = ConvertTo-AuthFile 'one.json' $one 'alice'
        $fileTwo = ConvertTo-AuthFile 'two.json' $two 'bob'
        $null = Copy-OciImage $open/pause:3.9 $one/team/pause:3.9 -DestinationCredential $alice
        Push-Location $RegistryFolder
    }

    AfterAll {
        Pop-Location
        foreach ($name in $names) { [System.Environment]::SetEnvironmentVariable($name, $previous[$name]) }
        Close-TestRegistry
    }

    It 'have a file of logins each' {
        (Copy-OciImage $one/team/pause:3.9 $two/a/pause:3.9 -SourceAuthFilePath $fileOne -DestinationAuthFilePath two.json).Status | Should -Be 'Copied'
        ("$one/team/pause:3.9" | Sync-OciImage $two/b -SrcAuthFile $fileOne -DestinationCredential $bob).Status | Should -Be 'Copied'
        (Copy-OciImage $one/team/pause:3.9 $two/c/pause:3.9 -SourceAuthFilePath $fileTwo -DestinationAuthFilePath $fileTwo -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciUnauthorized'
        { Copy-OciImage $one/team/pause:3.9 $two/c/pause:3.9 -SourceAuthFilePath none.json } | Should -Throw -ErrorId 'OciConfigurationInvalid*'
    }

    It 'do without a login each' {
        $null = Connect-OciRegistry $one -Credential $alice
        $null = Connect-OciRegistry $two -Credential $bob
        try {
            (Copy-OciImage $one/team/pause:3.9 $two/d/pause:3.9 -SourceAnonymous -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciUnauthorized'
            (Copy-OciImage $one/team/pause:3.9 $two/d/pause:3.9 -DestinationAnonymous -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciUnauthorized'
            (Copy-OciImage $open/pause:3.9 $two/d/pause:3.9 -SourceAnonymous).Status | Should -Be 'Copied'
        }
        finally { Disconnect-OciRegistry -All }
    }

    It 'have a token each, which is sent as it is' {
        $bad = ConvertTo-SecureString 'a-token' -AsPlainText -Force
        $row = Copy-OciImage $one/team/pause:3.9 $open/e/pause:3.9 -SourceToken $bad -ErrorAction SilentlyContinue
        $row.ErrorId | Should -Be 'OciUnauthorized'
        $row.Error | Should -Not -BeLike '*a-token*'
        (Copy-OciImage $open/pause:3.9 $two/e/pause:3.9 -SourceToken $bad -DestinationCredential $bob).Status | Should -Be 'Copied'
    }

    It 'exclude what contradicts itself' -ForEach @(
        @{ Arguments = @{ SourceCredential = 1; SourceAnonymous = $true } }
        @{ Arguments = @{ SourceToken = 1; SourceCredential = 1 } }
        @{ Arguments = @{ DestinationAnonymous = $true; DestinationAuthFilePath = 'one.json' } }
    ) {
        $given = @{} + $Arguments
        foreach ($name in @($given.Keys)) {
            if ($name -like '*Credential') { $given[$name] = $alice } elseif ($name -like '*Token') { $given[$name] = $alice.Password }
        }
        { Copy-OciImage $one/team/pause:3.9 $two/x:1 @given } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
    }

    It 'are one registry with one login' {
        { Copy-OciImage $one/team/pause:3.9 $one/x:1 -SourceAnonymous } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
        { Copy-OciImage $one/team/pause:3.9 $one/x:1 -DestinationAnonymous } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
        { Copy-OciImage $one/team/pause:3.9 $one/x:1 -SourceAnonymous -DestinationCredential $alice } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
        (Copy-OciImage $open/pause:3.9 $open/own/pause:3.9 -SourceAnonymous -DestinationAnonymous).Status | Should -Be 'Copied'
        { Copy-OciImage $one/team/pause:3.9 $one/x:1 -SourceAuthFilePath $fileOne -DestinationAuthFilePath $fileTwo } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
        (Copy-OciImage $one/team/pause:3.9 $one/x:1 -SourceAuthFilePath $fileOne).Status | Should -Be 'Copied'
    }

    It 'carry out a plan of removals with the login of the destinations' {
        $rows = @("$open/pause:3.9", "$open/pause:3.10" | Sync-OciImage $two/prune -DestinationCredential $bob)
        $rows.Status | Should -Be @('Copied', 'Copied')
        $plan = @("$open/pause:3.9" | Sync-OciImage $two/prune -Prune -MaxPrune 100% -WhatIf -DestinationCredential $bob | Where-Object Status -eq 'WouldPrune')
        $plan.Count | Should -Be 1
        ($plan | Sync-OciImage -Force -MaxPrune 100% -DestinationCredential $bob).Status | Should -Be 'Pruned'
    }

    It 'share blobs of layouts that are also looked at, tested and removed' {
        $null = Copy-OciImage $open/pause:3.9 oci:one:pause:3.9 -DestinationBlobPath shared
        { Get-OciImageInfo oci:one:pause:3.9 -ErrorAction Stop } | Should -Throw
        (Get-OciImageInfo oci:one:pause:3.9 -SourceBlobPath shared).Digest | Should -Be (Get-OciDigest $open/pause:3.9).Digest
        (Get-OciImageInfo oci:one:pause:3.9 -SrcSharedBlobDir shared -Config) | Should -BeLike '*"os"*'
        (Get-OciDigest oci:one:pause:3.9 -SourceBlobPath shared).Digest | Should -Be (Get-OciDigest $open/pause:3.9).Digest
        Test-OciImage oci:one:pause:3.9 -SourceBlobPath shared -Quiet | Should -BeTrue
        Test-OciImage -Path one -SourceBlobPath shared -Quiet | Should -BeTrue
        Test-OciImage -Path one -Quiet | Should -BeFalse
        $before = @(Get-ChildItem shared -Recurse -File).Count
        $null = Remove-OciImage oci:one:pause:3.9 -SourceBlobPath shared -Force
        @(Get-ChildItem shared -Recurse -File).Count | Should -Be $before
        { Get-OciDigest oci:one:pause:3.9 -SourceBlobPath shared -ErrorAction Stop } | Should -Throw -ErrorId 'OciManifestUnknown*'
    }

    It 'tell a Docker engine that is not there by its address' {
        $row = @(Test-OciImage docker-daemon:a:1 -DaemonHost 'unix:///no/such/docker.sock' -ErrorVariable failures -ErrorAction SilentlyContinue)
        "$failures" | Should -BeLike '*/no/such/docker.sock*'
        (Copy-OciImage docker-daemon:a:1 $open/f:1 -SourceDaemonHost 'unix:///no/such/other.sock' -ErrorAction SilentlyContinue).Error | Should -BeLike '*/no/such/other.sock*'
        (Copy-OciImage $open/pause:3.9 docker-daemon:a:1 -SourceDaemonHost 'unix:///no/such/other.sock' -DaemonHost 'unix:///no/such/docker.sock' -ErrorAction SilentlyContinue).Error |
            Should -BeLike '*/no/such/docker.sock*'
        $row.Count | Should -BeLessOrEqual 1
        { Get-OciTag docker-daemon:a -ErrorAction Stop } | Should -Throw "*'docker-daemon:' lists all*"
        { Get-OciTag docker-daemon: -DaemonHost 'unix:///no/such/docker.sock' -ErrorAction Stop } | Should -Throw -ErrorId 'OciConnectionFailed*'
        (Sync-OciImage -Source $open/pause:3.9 -Destination docker-daemon: -DaemonHost 'unix:///no/such/docker.sock' -ErrorAction SilentlyContinue).Destination |
            Should -Be 'docker-daemon:docker.io/library/pause:3.9'
    }

    It 'refuse a destination that is a registry alone' {
        $row = Copy-OciImage $open/pause:3.9 $two -ErrorAction SilentlyContinue
        $row.ErrorId | Should -Be 'OciReferenceInvalid'
        $row.Error | Should -BeLike "*'docker.io/library/$two'*"
        $row.Error | Should -BeLike "*an image is called $two/pause:3.9*"
        (Copy-OciImage $open/pause:3.9 all.tar -ErrorAction SilentlyContinue).Error | Should -BeLike '*docker-archive:all.tar*'
        ("$open/pause:3.9" | Sync-OciImage -Destination { $two } -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciReferenceInvalid'
        $null = Get-OciDigest $two -MaximumRetryCount 0 -WarningVariable said -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -RegistriesConfigPath $(
            Set-Content -LiteralPath (Join-Path $RegistryFolder 'blocked.conf') -Value "[[registry]]`nprefix = `"docker.io`"`nblocked = true"
            Join-Path $RegistryFolder 'blocked.conf')
        "$said" | Should -BeLike "*is taken for the image 'docker.io/library/$two'*"
    }
}
