# Signatures and policies as users meet them: copies under a policy, lists and checks of signatures, sync files.

Describe 'Signing' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        Initialize-TestRegistry $source
        $image = "$source/library/alpine:3.22.4"
        Push-Location $RegistryFolder
        Set-Content accept.json '{"default": [{"type": "insecureAcceptAnything"}]}'
        Set-Content reject.json '{"default": [{"type": "reject"}]}'
        Set-Content key.pub @'
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEA2c7kRi7tm948q+eqNbaRUxR9eOg
mTmcFyNbVednz5RgofatlShjK2segSz3BOpSeP/6p14kVt2UxaCknG1hNA==
-----END PUBLIC KEY-----
'@
        Set-Content signed.json '{"default": [{"type": "sigstoreSigned", "keyPath": "key.pub"}]}'
        Set-Content bad.json '{"default": []}'
        $null = New-Item -ItemType Directory regd
        Set-Content regd/all.yaml 'default-docker: { use-sigstore-attachments: true }'
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'refuses what the policy refuses, after the row' {
        $rows = @()
        $failure = $null
        try { Copy-OciImage $image dir:refused -PolicyPath reject.json -ErrorAction Stop -OutVariable rows | Out-Null } catch { $failure = $_ }
        $rows.Status | Should -Be 'Failed'
        $rows.ErrorId | Should -Be 'OciSignatureRejected'
        $failure.FullyQualifiedErrorId | Should -BeLike 'OciSignatureRejected,*'
        $failure.CategoryInfo.Category | Should -Be 'SecurityError'
        Test-Path refused | Should -BeFalse
    }

    It 'refuses what nobody signed, in plans too' {
        foreach ($row in @(
                Copy-OciImage $image dir:refused -PolicyPath signed.json -RegistriesDirectory regd -ErrorAction SilentlyContinue
                Copy-OciImage $image dir:refused -PolicyPath signed.json -RegistriesDirectory regd -WhatIf -ErrorAction SilentlyContinue
                Compare-OciImage -Source $image -Destination oci:refused -PolicyPath signed.json -RegistriesDirectory regd -ErrorAction SilentlyContinue
            )) {
            $row.ErrorId | Should -Be 'OciSignatureMissing'
        }
    }

    It 'ends before any work where the policy is not valid' {
        { Copy-OciImage $image dir:refused -PolicyPath bad.json } | Should -Throw -ErrorId 'OciPolicyInvalid,*'
        { Sync-OciImage oci:refused -Source $image -PolicyPath none.json } | Should -Throw -ErrorId 'OciFileNotFound,*'
        { Copy-OciImage $image dir:refused -InsecurePolicy -RequireSigned } | Should -Throw -ErrorId 'OciTrustInvalid,*'
    }

    It 'lets everything in with -InsecurePolicy, and nothing unsigned with -RequireSigned' {
        (Copy-OciImage $image dir:insecure -InsecurePolicy).Status | Should -Be 'Copied'
        (Copy-OciImage $image dir:accepted -PolicyPath accept.json).Status | Should -Be 'Copied'
        (Copy-OciImage $image dir:required -PolicyPath accept.json -RequireSigned -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciSignatureRejected'
    }

    It 'says at -Verbose which policy it is' {
        $told = Copy-OciImage $image dir:told -PolicyPath accept.json -Verbose 4>&1
        "$told" | Should -BeLike "*The policy is '*accept.json'.*"
    }

    It 'obeys what a sync file says of trust, from its own folder' {
        $null = New-Item -ItemType Directory files
        Set-Content files/p.json '{"default": [{"type": "reject"}]}'
        Set-Content files/sync.yaml 'ocisync: 1', 'images:', "  $source/library/alpine: { tags: ['3.22.4'], policy: p.json }", "  $source/pause: ['3.9']"
        $rows = Sync-OciImage oci:synced -ConfigPath files/sync.yaml -PolicyPath accept.json -ErrorAction SilentlyContinue
        ($rows | Where-Object Source -like '*alpine*').ErrorId | Should -Be 'OciSignatureRejected'
        ($rows | Where-Object Source -like '*pause*').Status | Should -Be 'Copied'

        # The row says so, and piped again it is refused again.
        $refused = $rows | Where-Object Status -eq Failed
        $refused.Selection | Should -BeLike "*policy: '*files?p.json'*"
        ($refused | Sync-OciImage -PolicyPath accept.json -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciSignatureRejected'
        (Import-OciSyncConfig files/sync.yaml)[0].Policy | Should -Be (Get-Item files/p.json).FullName

        Set-Content files/strict.yaml "ocisync: 1", "defaults: { signatures: require }", "images:", "  $source/pause: ['3.9']"
        $row = Sync-OciImage oci:strict -ConfigPath files/strict.yaml -PolicyPath accept.json -ErrorAction SilentlyContinue
        $row.ErrorId | Should -Be 'OciSignatureRejected'
        { Sync-OciImage oci:strict -ConfigPath files/strict.yaml -InsecurePolicy } | Should -Not -Throw
    }

    It 'tells that nobody signed an image' {
        @(Get-OciSignature $image -RegistriesDirectory regd).Count | Should -Be 0
        $rows = @(Test-OciSignature $image -PublicKeyPath key.pub -RegistriesDirectory regd -ErrorAction SilentlyContinue -ErrorVariable failures)
        $rows.Status | Should -Not -Contain 'Trusted'
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciSignatureMissing,*'
        Test-OciSignature $image -PublicKeyPath key.pub -RegistriesDirectory regd -Quiet | Should -BeFalse
        { Test-OciSignature $image -PublicKeyPath none.pub } | Should -Throw -ErrorId 'OciFileNotFound,*'
        { Test-OciSignature dir:nowhere -PublicKeyPath key.pub -ErrorAction Stop } | Should -Throw '*there is no such folder*' -ErrorId 'OciManifestUnknown,*'
    }

    It 'says Unknown, never Trusted, where the policy asks for no signature' {
        $row = Test-OciSignature $image -PolicyPath accept.json -ErrorAction SilentlyContinue
        $row.Status | Should -Be 'Unknown'
        $row.Scope | Should -Be 'default'
        $row.Remedy | Should -BeLike '-PublicKeyPath says whose signature is asked for*'
        Test-OciSignature $image -PolicyPath accept.json -Quiet | Should -BeFalse
    }

    It 'tells what stays behind of a folder, in the row and once at the end' {
        $null = Copy-OciImage $image dir:behind -InsecurePolicy
        [IO.File]::WriteAllBytes((Join-Path $PWD 'behind/signature-1'), [byte[]](0xA3, 1, 1))
        $row = Copy-OciImage dir:behind oci:behind-copy:a -InsecurePolicy -WarningVariable warnings -WarningAction SilentlyContinue
        $row.Reason | Should -BeLike '1 OpenPGP signature stays behind*'
        @($warnings -like '*leaves signatures or other referrers behind*').Count | Should -Be 1
    }

    It 'loads the library of signatures only where one is checked' {
        . (Join-Path $PSScriptRoot '../../tools/build/common.ps1')
        $runner = Get-ScriptRunner
        $module = Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1'
        foreach ($case in @{ Policy = 'accept.json'; Count = 0 }, @{ Policy = 'signed.json'; Count = 0 }) {
            Set-Content light.ps1 @(
                "Import-Module '$module'"
                "Set-Location '$RegistryFolder'"
                "`$null = Copy-OciImage '$image' dir:light -PolicyPath $($case.Policy) -RegistriesDirectory regd -ErrorAction SilentlyContinue"
                "@([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -like '*BouncyCastle*' }).Count"
            )
            & $runner.Command @($runner.Arguments) (Join-Path $RegistryFolder 'light.ps1') | Select-Object -Last 1 | Should -Be $case.Count
        }
    }

    It 'rows survive Clixml, JSON and CSV' {
        $row = Test-OciSignature $image -PolicyPath accept.json -ErrorAction SilentlyContinue
        $row | Export-Clixml row.xml
        (Import-Clixml row.xml).Status | Should -Be 'Unknown'
        ($row | ConvertTo-Json | ConvertFrom-Json).Part | Should -Be 'image'
        ($row | ConvertTo-Csv | ConvertFrom-Csv).Scope | Should -Be 'default'
    }
}
