Describe 'New-OciSigningKey' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force
        Push-Location $TestDrive
    }

    AfterAll { Pop-Location }

    It 'writes a private and a public key beside each other' {
        $made = New-OciSigningKey team -NoPassphrase
        $made.PrivateKeyPath, $made.PublicKeyPath | Should -Be @((Join-Path $TestDrive 'team.key'), (Join-Path $TestDrive 'team.pub'))
        $made.Kind | Should -Be 'ECDSA P-256'
        Get-Content team.key -TotalCount 1 | Should -Be '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----'
        Get-Content team.pub -TotalCount 1 | Should -Be '-----BEGIN PUBLIC KEY-----'
    }

    It 'replaces no file' {
        $null = New-OciSigningKey once -NoPassphrase
        $before = Get-Content once.key -Raw
        New-OciSigningKey once -NoPassphrase -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'OciFileExists,*'
        Get-Content once.key -Raw | Should -Be $before
    }

    It 'takes the passphrase of a file, or says that there is none' {
        Set-Content passphrase.txt 'secret'
        (New-OciSigningKey filed -PassphrasePath passphrase.txt).PublicKeyPath | Should -Exist
        New-OciSigningKey missing -PassphrasePath nothing.txt -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'OciFileNotFound,*'
        'missing.key' | Should -Not -Exist
    }

    It 'writes nothing with -WhatIf' {
        New-OciSigningKey never -NoPassphrase -WhatIf | Should -BeNullOrEmpty
        'never.key', 'never.pub' | Should -Not -Exist
    }
}

Describe 'Test-OciSignature by a trusted root or a folder of notation' {
    BeforeAll { Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force }

    It 'looks at both before any image' {
        Set-Content (Join-Path $TestDrive 'root.json') '{}'
        { Test-OciSignature none.test/a -TrustedRootPath (Join-Path $TestDrive 'root.json') -CertificateIdentity a -CertificateIssuer b } |
            Should -Throw 'The trusted root can*' -ErrorId 'OciConfigurationInvalid,*'
        { Test-OciSignature none.test/a -NotaryConfigPath $TestDrive } | Should -Throw "*there is no such file*" -ErrorId 'OciConfigurationInvalid,*'
        { Test-OciSignature none.test/a -TrustedRootPath (Join-Path $TestDrive 'none.json') -CertificateIdentity a -CertificateIssuer b } |
            Should -Throw -ErrorId 'OciFileNotFound,*'
    }
}
