Describe 'Remove-OciImage' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $old = Open-TestRegistry '--dialect distribution2'
        $hub = Open-TestRegistry '--dialect dockerhub'
        foreach ($registry in $a, $old, $hub) {
            $null = & dotnet $RegistryProgram seed $registry --repository app --tags '1.0'
            $null = Copy-OciImage $registry/app:1.0 $registry/app:stable
            $null = & dotnet $RegistryProgram seed $registry --repository app --tags '2.0' --seed 7
        }
        $here = Join-Path $RegistryFolder 'work'
        $null = New-Item -ItemType Directory -Path $here
        Push-Location $here
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'asks before any work, and where nobody can be asked ends with one error' {
        { Remove-OciImage $a/app:1.0, $a/app:2.0 } | Should -Throw -ErrorId 'OciConfirmationRequired*'
        { Get-OciTag $a/app | Remove-OciImage -Confirm } | Should -Throw -ErrorId 'OciConfirmationRequired*'
        { Remove-OciImage $a/app:1.0 -Force -Confirm } | Should -Throw -ErrorId 'OciConfirmationRequired*'
        @(Get-OciTag $a/app).Count | Should -Be 3
    }

    It 'removes nothing with -WhatIf' {
        Remove-OciImage $a/app:1.0 -WhatIf | Should -BeNullOrEmpty
        Remove-OciImage $a/app:1.0 -WhatIf -Force | Should -BeNullOrEmpty
        @(Get-OciTag $a/app).Count | Should -Be 3
    }

    It 'removes a tag alone where the registry can' {
        $digest = (Get-OciDigest $a/app:1.0).Digest
        $removed = Remove-OciImage $a/app:1.0 -Confirm:$false
        $removed.Reference | Should -Be "$a/app:1.0"
        $removed.Digest | Should -Be $digest
        $removed.AlsoRemoved.Count | Should -Be 0
        @(Get-OciTag $a/app).Tag | Should -Be @('stable', '2.0')
    }

    It 'wants -Force where other tags would go too, and goes on with the next' {
        $removed = @(Remove-OciImage $old/app:1.0, $old/app:2.0 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed)
        $removed.Reference | Should -Be "$old/app:2.0"
        "$($failed[0].FullyQualifiedErrorId)" | Should -BeLike 'OciConfirmationRequired*'
        "$($failed[0].TargetObject)" | Should -Be "$old/app:1.0"
        @(Get-OciTag $old/app).Tag | Should -Be @('stable', '1.0')
    }

    It 'says which tags went with it, and a tag that has gone is no error' {
        $removed = @(Get-OciTag $old/app | Remove-OciImage -Force -ErrorAction Stop)
        $removed.Count | Should -Be 1
        $removed[0].AlsoRemoved | Should -Be @("$old/app:1.0")
        @(Get-OciTag $old/app).Count | Should -Be 0
    }

    It 'says where a registry deletes nothing' {
        { Remove-OciImage $hub/app:1.0 -Force -ErrorAction Stop } | Should -Throw -ErrorId 'OciDeleteUnsupported*'
    }

    It 'gives one error for each that can not be removed' {
        $removed = @(Remove-OciImage $a/app, $a/app:nope, 'Not A Name', $a/app:2.0 -Force -ErrorAction SilentlyContinue -ErrorVariable failed)
        $removed.Reference | Should -Be "$a/app:2.0"
        @($failed | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] } | Sort-Object -Unique) |
            Should -Be @('OciManifestUnknown', 'OciReferenceInvalid', 'OciTagRequired')
    }

    It 'removes from a layout, with the blobs' {
        $null = Copy-OciImage $a/app:stable oci:shelf:app:1
        $null = Copy-OciImage $a/app:stable oci:shelf:app:2
        (Remove-OciImage oci:shelf:app:1 -Force).BytesFreed | Should -Be 0
        $removed = Remove-OciImage oci:shelf:app:2 -Force
        $removed.Reference | Should -Be "oci:$here/shelf:app:2"
        $removed.BytesFreed | Should -BeGreaterThan 1000
        @(Get-ChildItem -Path (Join-Path $here 'shelf/blobs') -File -Recurse).Count | Should -Be 0
        { Remove-OciImage dir:shelf -Force -ErrorAction Stop } | Should -Throw -ErrorId 'OciTransportUnsupported*'
    }
}
