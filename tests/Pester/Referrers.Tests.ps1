Describe 'Referrers' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $here = Join-Path $RegistryFolder 'work'
        $null = New-Item -ItemType Directory -Path $here
        Push-Location $here

        # cosign's tag on an image, made of another image.
        $digest = (Get-OciDigest $a/pause:3.10).Digest
        $tag = $digest.Replace(':', '-') + '.sig'
        $null = Copy-OciImage $a/pause:3.9 "$a/pause:$tag"
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'come along when that is wanted, and to an image that is up to date' {
        $row = Copy-OciImage $a/pause:3.10 $b/x/pause:3.10
        $row.ReferrersCopied | Should -Be 0
        @(Get-OciTag $b/x/pause).Tag | Should -Be '3.10'

        $plan = Sync-OciImage -Source $a/pause:3.10 -Destination $b/x -IncludeReferrer -WhatIf
        $plan.Status | Should -Be 'WouldUpdate'
        $plan.ReferrersCopied | Should -Be 1
        $row = Sync-OciImage -Source $a/pause:3.10 -Destination $b/x -Referrers
        $row.Status | Should -Be 'Updated'
        $row.ReferrersCopied | Should -Be 1
        (Get-OciDigest "$b/x/pause:$tag").Digest | Should -Be (Get-OciDigest $a/pause:3.9).Digest
    }

    It 'come along when a file says so' {
        Set-Content -LiteralPath 'with.yaml' -Value 'ocisync: 1', 'images:', "  $a/pause:", "    - tags: ['3.10']", '      referrers: true'
        Set-Content -LiteralPath 'without.yaml' -Value 'ocisync: 1', 'defaults:', '  referrers: false', 'images:', "  $a/pause: ['3.10']"
        (Import-OciSyncConfig with.yaml).Referrers | Should -BeTrue
        (Sync-OciImage -ConfigPath without.yaml -Destination $b/file -IncludeReferrer).ReferrersCopied | Should -Be 0
        (Sync-OciImage -ConfigPath with.yaml -Destination $b/file).ReferrersCopied | Should -Be 1
    }

    It 'are in the plan that is run, and in the file that is written' {
        $plan = Sync-OciImage -Source $a/pause:3.10 -Destination $b/plan -IncludeReferrer -WhatIf
        $plan.Selection | Should -BeLike '*referrers: true*'
        ($plan | Sync-OciImage).ReferrersCopied | Should -Be 1
        $plan | Export-OciSyncConfig -Path lock.yaml -Format OciSync
        (Import-OciSyncConfig lock.yaml).Referrers | Should -BeTrue
    }

    It 'are refused by a folder of one image' {
        { Copy-OciImage $a/pause:3.10 dir:one -IncludeReferrer -ErrorAction Stop } | Should -Throw -ErrorId 'OciTransportUnsupported*'
        (Copy-OciImage $a/pause:3.10 oci:many:pause:3.10 -IncludeReferrer).ReferrersCopied | Should -Be 1
    }
}

Describe 'Test-OciImage' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        Initialize-TestRegistry $a
        $here = Join-Path $RegistryFolder 'work'
        $null = New-Item -ItemType Directory -Path $here
        Push-Location $here
        $null = Sync-OciImage -Source $a/pause:3.9, $a/pause:3.10, $a/library/alpine:3.23.4 -Destination oci:usb
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'checks images in registries, from the pipeline too' {
        $rows = Get-OciTag $a/pause -Include '3.9', '3.10' | Test-OciImage
        $rows.Status | Should -Be @('Whole', 'Whole')
        $rows.Method | Should -Be @('Head', 'Head')
        (Test-OciImage $a/pause:3.10 -Full).Method | Should -Be 'Hash'
        (Test-OciImage $a/pause:3.10).Digest | Should -Be (Get-OciDigest $a/pause:3.10).Digest
    }

    It 'checks a folder by reference, path, or object' {
        @(Test-OciImage oci:usb).Count | Should -Be 3
        (Test-OciImage -Path usb).Status | Should -Be @('Whole', 'Whole', 'Whole')
        (Get-Item usb | Test-OciImage).Reference | Should -Be (Test-OciImage -Path "$here/us*").Reference
        (Test-OciImage oci:usb:pause:3.9).Reference | Should -Be "oci:$here/usb:pause:3.9"
    }

    It 'checks archives by reference or path' {
        $null = Sync-OciImage -Source $a/pause:3.9, $a/pause:3.10 -Destination docker-archive:pause.tar
        $null = Copy-OciImage $a/pause:3.9 oci-archive:one.tar:pause:3.9
        (Test-OciImage docker-archive:pause.tar).Status | Should -Be @('Whole', 'Whole')
        $rows = Test-OciImage -Path pause.tar, one.tar
        $rows.Method | Should -Be @('Hash', 'Hash', 'Hash')
        $rows[2].Reference | Should -Be "oci-archive:$here/one.tar:pause:3.9"
        (Get-Item one.tar | Test-OciImage).Digest | Should -Be (Get-OciDigest $a/pause:3.9).Digest
        Set-Content -LiteralPath text.txt -Value 'no archive'
        { Test-OciImage -Path text.txt -ErrorAction Stop } | Should -Throw -ErrorId 'OciArchiveInvalid*'
    }

    It 'gives a row and an error for each broken image, and the others' {
        $null = Sync-OciImage -Source oci:usb -Destination oci:bad
        $digest = (Get-OciImageInfo oci:bad:pause:3.9 -Raw | ConvertFrom-Json).manifests[0].digest
        Remove-Item (Join-Path $here "bad/blobs/sha256/$($digest.Substring(7))")
        $rows = Test-OciImage -Path bad -ErrorAction SilentlyContinue -ErrorVariable failures
        @($rows.Status | Sort-Object) | Should -Be @('Sparse', 'Whole', 'Whole')
        $row = $rows | Where-Object Status -eq 'Sparse'
        $row.Fault | Should -BeLike "manifest $digest*"
        $row.ErrorId | Should -Be 'OciBlobUnknown'
        @($failures).Count | Should -Be 1
        $failures[0].TargetObject | Should -Be "oci:$here/bad:pause:3.9"
        { Test-OciImage -Path bad -ErrorAction Stop } | Should -Throw -ErrorId 'OciBlobUnknown*'
        Test-OciImage -Path bad -Quiet | Should -BeFalse
    }

    It 'says one true or false with -Quiet' {
        @(Test-OciImage -Path usb -Quiet).Count | Should -Be 1
        Test-OciImage -Path usb -Quiet | Should -BeTrue
        Test-OciImage $a/nothing:1 -Quiet -ErrorAction Stop | Should -BeFalse
        Test-OciImage oci:nowhere -Quiet -ErrorAction Stop | Should -BeFalse
        Test-OciImage -Path nowhere -Quiet -ErrorAction Stop | Should -BeFalse
    }

    It 'names what is wrong with its input' {
        { Test-OciImage -Path nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileNotFound*'
        { Test-OciImage 'no reference!' -ErrorAction Stop } | Should -Throw -ErrorId 'OciReferenceInvalid*'
        { Test-OciImage -Path usb -Baseline nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileNotFound*'
        { Test-OciImage $a/pause:3.9, other.test/x:1 -Token (ConvertTo-SecureString 'x' -AsPlainText -Force) -ErrorAction Stop } |
            Should -Throw -ErrorId 'OciCredentialAmbiguous*'
    }

    It 'knows what a baseline has' {
        $null = & dotnet $RegistryProgram seed $a --repository app --tags '1' --layers 2
        $null = Copy-OciImage $a/app:1 $a/app:2
        $null = Sync-OciImage -Source $a/app:1 -Destination oci:first
        $row = Sync-OciImage -Source $a/app:2 -Destination oci:second -Baseline oci:first
        $row.BytesCopied | Should -Be 0
        $row.Reason | Should -BeLike '*the baseline has*'
        $check = Test-OciImage -Path second -Baseline first
        $check.Status | Should -Be 'Partial'
        $check.Expected.Count | Should -Be $check.Blobs
        Test-OciImage -Path second -Baseline first -Quiet | Should -BeTrue
        Test-OciImage -Path second -Quiet | Should -BeFalse
        { Sync-OciImage -Source $a/app:2 -Destination $a/x -Baseline first -ErrorAction Stop } | Should -Throw -ErrorId 'OciTransportUnsupported*'
        { Sync-OciImage -Source $a/app:2 -Destination oci:x -Baseline nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileNotFound*'
    }
}
