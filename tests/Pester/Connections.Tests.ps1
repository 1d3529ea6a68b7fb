# How registries are reached: what users type, and what they are told.

Describe 'Connections' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $plain = Open-TestRegistry
        $secure = Open-TestRegistry "--tls --pki-out `"$RegistryFolder`""
        Initialize-TestRegistry $plain
        $config = Join-Path $RegistryFolder 'mine.conf'
        Set-Content -LiteralPath $config -Value '[[registry]]', 'prefix = "registry.k8s.io"', "location = `"$plain`"", 'insecure = true'
    }

    AfterAll { Close-TestRegistry }

    It 'takes registries.conf by parameter, and by its skopeo-like name' {
        @(Get-OciTag registry.k8s.io/pause -RegistriesConfigPath $config).Count | Should -BeGreaterThan 0
        @(Get-OciTag registry.k8s.io/pause -RegistriesConf $config).Count | Should -BeGreaterThan 0
        (Test-OciRegistry registry.k8s.io -RegistriesConfigPath $config -Quiet) | Should -BeTrue
    }

    It 'names file and key of a broken registries.conf' {
        $broken = Join-Path $RegistryFolder 'broken.conf'
        Set-Content -LiteralPath $broken -Value '[[registry]]', 'prefix = "a.test"', 'insecure = "yes"'
        $null = Get-OciTag a.test/x -RegistriesConfigPath $broken -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciConfigurationInvalid*'
        "$($failures[0])" | Should -BeLike "*broken.conf*registry?1?.insecure*"
        { Copy-OciImage a.test/x:1 b.test/x:1 -RegistriesConfigPath $broken } | Should -Throw '*broken.conf*registry?1?.insecure*'
    }

    It 'warns of an unknown key' {
        $odd = Join-Path $RegistryFolder 'odd.conf'
        Set-Content -LiteralPath $odd -Value '[[registry]]', 'prefix = "registry.k8s.io"', "location = `"$plain`"", 'bloked = true'
        $null = Get-OciTag registry.k8s.io/pause -RegistriesConfigPath $odd -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike "*odd.conf*registry?1?.bloked*"
    }

    It 'shows where the way to a registry ends' {
        $rows = @(Test-OciRegistry $secure)
        ($rows | Where-Object Result -eq 'Failed').Step | Should -Be 'Tls'
        ($rows | Where-Object Result -eq 'Failed').Remedy | Should -BeLike '*-CertificatePath*'
        (Test-OciRegistry $secure -Quiet) | Should -BeFalse
        (Test-OciRegistry $plain -Quiet) | Should -BeTrue
        @($plain, $secure | Test-OciRegistry).Count | Should -Be 18
    }

    It 'names what is no registry, and goes on' {
        $rows = @('no registry', $plain | Test-OciRegistry -ErrorAction SilentlyContinue -ErrorVariable failures)
        $rows.Count | Should -Be 9
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciReferenceInvalid*'
    }

    It 'does not show the login of a proxy' {
        $password = ConvertTo-SecureString 's3cret' -AsPlainText -Force
        $login = New-Object System.Management.Automation.PSCredential 'gate', $password
        $null = Connect-OciRegistry registry.behind.test -Proxy http://user:hidden@127.0.0.1:1 -ProxyCredential $login -MaximumRetryCount 0 -ErrorAction SilentlyContinue -ErrorVariable failures
        "$($failures[0])" | Should -BeLike "*The proxy 'http://127.0.0.1:1'*"
        "$($failures | Out-String)" | Should -Not -BeLike '*s3cret*'
        "$($failures | Out-String)" | Should -Not -BeLike '*hidden*'
    }
}
