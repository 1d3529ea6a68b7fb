# Signatures that travel with images, as users meet them.

Describe 'Signatures travel' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $mirror = Open-TestRegistry
        Initialize-TestRegistry $source
        $image = "$source/library/alpine:3.22.4"
        Push-Location $RegistryFolder
        $null = New-Item -ItemType Directory regd, nothing
        Set-Content regd/all.yaml "default-docker: { lookaside: '$([uri]::new((Join-Path $PWD 'sigs')).AbsoluteUri)', use-sigstore-attachments: true }"
        $null = New-OciSigningKey team -NoPassphrase
        $signed = @(Add-OciSignature $image -SigningKeyPath team.key -RegistriesDirectory regd)
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'brings them where registries.d names a place, and what came later by the next run' {
        $row = Copy-OciImage $image "$mirror/a/alpine:3.22.4" -RegistriesDirectory regd
        $row.Status | Should -Be 'Copied'
        $row.SignaturesCopied | Should -Be $signed.Count
        Test-OciSignature "$mirror/a/alpine:3.22.4" -PublicKeyPath team.pub -Identity $image -RegistriesDirectory regd -Quiet | Should -BeTrue
        (Copy-OciImage $image "$mirror/a/alpine:3.22.4" -RegistriesDirectory regd).Status | Should -Be 'UpToDate'
        $null = New-OciSigningKey other -NoPassphrase
        $null = Add-OciSignature $image -SigningKeyPath other.key -RegistriesDirectory regd
        $row = Copy-OciImage $image "$mirror/a/alpine:3.22.4" -RegistriesDirectory regd
        $row.Status | Should -Be 'Updated'
        $row.Reason | Should -BeLike '* of its signatures were missing'
        Test-OciSignature "$mirror/a/alpine:3.22.4" -PublicKeyPath other.pub -Identity $image -RegistriesDirectory regd -Quiet | Should -BeTrue
    }

    It 'goes over an air gap by a layout and by a folder' {
        foreach ($place in 'oci:gap:alpine', 'dir:gap-dir') {
            $null = Copy-OciImage $image $place -RegistriesDirectory regd
            Test-OciSignature $place -PublicKeyPath team.pub -Identity $image -Quiet | Should -BeTrue
            $name = "$mirror/gap/$($place.Substring(0, 3)):1"
            (Copy-OciImage $place $name -RegistriesDirectory regd).SignaturesCopied | Should -BeGreaterThan 0
            Test-OciSignature $name -PublicKeyPath team.pub -Identity $image -RegistriesDirectory regd -Quiet | Should -BeTrue
        }
    }

    It 'leaves them with -RemoveSignature, and by a sync file' {
        $row = Copy-OciImage $image "$mirror/b/alpine:1" -RegistriesDirectory regd -RemoveSignature
        $row.SignaturesCopied | Should -Be 0
        $row.Reason | Should -BeNullOrEmpty
        @(Get-OciSignature "$mirror/b/alpine:1" -RegistriesDirectory regd).Count | Should -Be 0
        Set-Content sync.yaml 'ocisync: 1', 'images:', "  $source/library/alpine: { tags: ['3.22.4'], signatures: remove }"
        $row = Sync-OciImage -ConfigPath sync.yaml -Destination "$mirror/c" -RegistriesDirectory regd
        $row.SignaturesCopied | Should -Be 0
        $row.Selection | Should -Be '{ signatures: remove }'
        $plan = Compare-OciImage -Source $image -Destination "$mirror/d" -RegistriesDirectory regd
        $plan.SignaturesCopied | Should -BeGreaterThan 0
    }

    It 'refuses what would lose them, and signs anew' {
        $row = Copy-OciImage $image "$mirror/e/alpine:1" -Format Docker -ExcludeAttestation -RegistriesDirectory regd -ErrorAction SilentlyContinue -ErrorVariable failures
        $row.ErrorId | Should -Be 'OciSignatureLost'
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        $row.Error | Should -BeLike '*-RemoveSignature*-SigningKeyPath*'
        (Copy-OciImage $image "$mirror/e/alpine:1" -Format Docker -ExcludeAttestation -RegistriesDirectory regd -RemoveSignature).Status | Should -Be 'Copied'
        $row = Copy-OciImage $image "$mirror/f/alpine:1" -Format Docker -ExcludeAttestation -RegistriesDirectory regd -SigningKeyPath team.key
        $row.Status | Should -Be 'Copied'
        Test-OciSignature "$mirror/f/alpine:1" -PublicKeyPath team.pub -RegistriesDirectory regd -Quiet | Should -BeTrue
    }

    It 'asks for nothing where nothing is named' {
        $row = Copy-OciImage $image "$mirror/g/alpine:1" -RegistriesDirectory nothing
        $row.SignaturesCopied | Should -Be 0
        @(Get-OciSignature "$mirror/g/alpine:1" -RegistriesDirectory regd).Count | Should -Be 0
    }
}
