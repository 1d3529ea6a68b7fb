# Policies of trust as users meet them.

Describe 'Test-OciPolicy' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force
        Push-Location (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'work'))
        $null = New-Item -ItemType Directory -Path images
        $folder = (Get-Item images).FullName | ConvertTo-Json
        Set-Content -LiteralPath key.gpg -Value @'
-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEaVW5ABYJKwYBBAHaRw8BAQdAdUwF3pcSVNgPUrdUdWQEe/wfPZyyxszHVZTz
40hfZ6S0GGFubmEgPGFubmFAZXhhbXBsZS50ZXN0PoiQBBMWCAA4FiEEjvelzYis
e6zpusgZV3SOBVjnguMFAmlVuQACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AA
CgkQV3SOBVjnguMSmgD9GI5OK6txFC+VaXka7IDSixJp71+ggwYcB5ARwBo/CB0B
AMb8X2SyCt6cppPWs8lfDKyqtYVP0bjVBc2Pm6aGwzUC
-----END PGP PUBLIC KEY BLOCK-----
'@
        Set-Content -LiteralPath notes.txt -Value 'no key'
        Set-Content -LiteralPath policy.json -Value @"
{
  "default": [{"type": "reject"}],
  "transports": {
    "docker": {
      "docker.io/library": [{"type": "insecureAcceptAnything"}],
      "*.corp.local": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "key.gpg", "signedIdentity": {"type": "matchRepository"}}]
    },
    "dir": {$folder`: [{"type": "insecureAcceptAnything"}]}
  }
}
"@
        Set-Content -LiteralPath bad.json -Value '{', '  "default": [{"type": "reject"}],', '  "Transports": {}', '}'
    }

    AfterAll { Pop-Location }

    It 'tells that a file is valid, and what is in it' {
        $file = Test-OciPolicy -Path policy.json
        $file.IsValid | Should -BeTrue
        "$($file.Default)" | Should -Be 'reject'
        $file.Transports | Should -Be @('docker', 'dir')
        $file.ScopeCount | Should -Be 3
        $file.PolicyPath | Should -Be (Get-Item policy.json).FullName
    }

    It 'tells where a file is not valid, and writes no error' {
        $file = Test-OciPolicy -Path bad.json -ErrorVariable failures
        $failures.Count | Should -Be 0
        $file.IsValid | Should -BeFalse
        $file.Line | Should -Be 3
        $file.Key | Should -Be 'Transports'
        $file.Fault | Should -BeLike '*it is written transports*'
    }

    It 'tells of each image which scope applies and what it asks for' {
        $rows = Test-OciPolicy alpine, registry.corp.local:5000/team/app:1, quay.io/app:1, dir:images/one -Path policy.json
        $rows.Decision | Should -Be @('Accept', 'NeedsSignature', 'Reject', 'Accept')
        $rows.Scope | Should -Be @('docker.io/library', '*.corp.local', 'default', (Get-Item images).FullName)
        $rows[0].Reference | Should -Be 'docker.io/library/alpine:latest'
        "$($rows[1].Requirements)" | Should -Be 'signedBy (key.gpg; matchRepository)'
        $rows[3].Transport | Should -Be 'dir'
        $rows.IsValid | Should -Not -Contain $false
    }

    It 'says of a file without a key that it refuses every image' {
        Set-Content -LiteralPath none.json -Value '{"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "notes.txt"}]}'
        $row = Test-OciPolicy quay.io/app:1 -Path none.json
        $row.Decision | Should -Be 'Reject'
        $row.Reason | Should -BeLike '*no public key in notes.txt*'
    }

    It 'takes what has a Reference from the pipeline, and a bad name alone fails' {
        $rows = [pscustomobject]@{ Reference = 'alpine:3' }, [pscustomobject]@{ Reference = 'Not A Name' }, [pscustomobject]@{ Reference = 'quay.io/b:1' } |
            Test-OciPolicy -Path policy.json -ErrorVariable failures -ErrorAction SilentlyContinue
        $rows.Decision | Should -Be @('Accept', 'Reject')
        @($failures | Where-Object FullyQualifiedErrorId -like 'OciReferenceInvalid,*').Count | Should -Be 1
    }

    It 'of an empty pipeline tells nothing' {
        @(@() | Test-OciPolicy -Path policy.json).Count | Should -Be 0
    }

    It 'with an invalid file refuses every image, and the error comes after the rows' {
        $rows = @()
        $failure = $null
        try { Test-OciPolicy alpine, quay.io/app:1 -Path bad.json -ErrorAction Stop -OutVariable rows | Out-Null } catch { $failure = $_ }
        $rows.Decision | Should -Be @('Reject', 'Reject')
        $rows.IsValid | Should -Not -Contain $true
        $failure.FullyQualifiedErrorId | Should -BeLike 'OciPolicyInvalid,*'
        $failure.CategoryInfo.Category | Should -Be 'ParserError'
        $failure.TargetObject | Should -Be (Get-Item bad.json).FullName
    }

    It 'says that a file is not there' {
        { Test-OciPolicy -Path missing.json -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileNotFound,*'
    }

    It 'rows survive Clixml, JSON and CSV' {
        Test-OciPolicy alpine, registry.corp.local/a:1 -Path policy.json | Export-Clixml rows.xml
        (Import-Clixml rows.xml).Decision | Should -Be @('Accept', 'NeedsSignature')
        (Test-OciPolicy alpine -Path policy.json | ConvertTo-Json | ConvertFrom-Json).Requirements | Should -Be @('insecureAcceptAnything')
        (Test-OciPolicy alpine -Path policy.json | ConvertTo-Csv | ConvertFrom-Csv).Requirements | Should -Be 'insecureAcceptAnything'
    }
}
