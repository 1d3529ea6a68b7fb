# Sync files of which some sources are gone: how the file is written, and how a nightly run ends well.

Describe 'Sources that are gone' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $place = Open-TestRegistry
        foreach ($name in 'quay.io/coreos/flannel', 'registry.k8s.io/pause', 'docker.io/serialt/rocky') {
            $null = & dotnet $RegistryProgram seed $source --repository $name --tags '1.0.0,1.1.0' --seed 40
        }
        $previous = $env:CONTAINERS_REGISTRIES_CONF
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
        Set-Content -LiteralPath $env:CONTAINERS_REGISTRIES_CONF -Value @(
            'quay.io', 'registry.k8s.io', 'k8s.gcr.io', 'docker.io' | ForEach-Object { "[[registry]]`nprefix = `"$_`"`nlocation = `"$source/$_`"`ninsecure = true" })
        $lines = @('last: 1', 'exclude: [alpha]', 'autoSyncfile: sync.yaml', 'images:', '  quay.io: [coreos/flannel]', '  k8s.gcr.io: [conformance]'
            '  registry.k8s.io: [pause]', '  docker.io: [serialt/rocky, rancher/mirrored-flannelcni-flanne]')
        $config = Join-Path $RegistryFolder 'config.yaml'
        Set-Content -LiteralPath $config -Value $lines
        $gone = 'docker.io/rancher/mirrored-flannelcni-flanne', 'k8s.gcr.io/conformance'
        Push-Location $RegistryFolder
    }

    AfterAll {
        Pop-Location
        $env:CONTAINERS_REGISTRIES_CONF = $previous
        Close-TestRegistry
    }

    It 'keep a file from being written, and the message names the way on' {
        $failures = @()
        Import-OciSyncConfig $config | Export-OciSyncConfig -ErrorVariable failures -ErrorAction SilentlyContinue -WarningVariable said -WarningAction SilentlyContinue
        @($failures | Where-Object FullyQualifiedErrorId -like 'OciRepositoryUnknown,*').TargetObject | Sort-Object | Should -Be $gone
        Test-Path sync.yaml | Should -BeFalse
        "$said" | Should -BeLike '*would not be whole. -SkipMissing writes it without*'
    }

    It 'are left out with -SkipMissing, and file, rows and a warning say so' {
        $rows = @(Import-OciSyncConfig $config | Export-OciSyncConfig -SkipMissing -WarningVariable said -WarningAction SilentlyContinue -ErrorAction Stop)
        $rows.Status | Should -Be @('Skipped', 'Skipped')
        $rows.Source | Should -Be $gone
        $rows[0].Reason | Should -BeLike 'it is missing: *'
        "$said" | Should -BeLike "2 sources do not exist and are left out of *sync.yaml*$($gone[0])*"
        $text = Get-Content -Raw sync.yaml
        foreach ($name in $gone) { $text | Should -Match ('(?m)^#   ' + [regex]::Escape($name)) }
        $copied = @(Sync-OciImage -ConfigPath sync.yaml -Destination $place/two -ErrorAction Stop)
        @($copied.Destination | Sort-Object) | Should -Be @("$place/two/flannel:1.1.0", "$place/two/pause:1.1.0", "$place/two/rocky:1.1.0")
    }

    It 'fail a run, and are skipped when they are known' {
        $rows = @(Sync-OciImage -ConfigPath $config -Destination $place/one -ErrorAction SilentlyContinue)
        @($rows | Where-Object Status -eq 'Failed').Source | Sort-Object | Should -Be $gone
        Set-Content missing.txt -Value @('# gone for good', '') , 'k8s.gcr.io/*', 'rancher/mirrored-flannelcni-flanne # never was there'
        $rows = @(Sync-OciImage -ConfigPath $config -Destination $place/one -KnownMissing (Get-Content missing.txt) -ErrorAction Stop)
        @($rows | Where-Object Status -eq 'Skipped').Source | Sort-Object | Should -Be $gone
        @($rows | Where-Object Status -eq 'Skipped')[0].Reason | Should -BeLike 'it is known to be missing: *'
        @($rows | Where-Object Status -eq 'UpToDate').Count | Should -Be 3
        @(Compare-OciImage -ConfigPath $config -Destination $place/one -KnownMissing $gone -ErrorAction Stop | Where-Object Status -eq 'Skipped').Count | Should -Be 2
    }

    It 'may be called known in the file itself' {
        Set-Content known.yaml -Value (@("knownMissing: [$($gone -join ', ')]") + $lines)
        @(Sync-OciImage -ConfigPath known.yaml -Destination $place/three -ErrorAction Stop | Where-Object Status -eq 'Skipped').Count | Should -Be 2
        $rows = @(Import-OciSyncConfig known.yaml | Export-OciSyncConfig known-sync.yaml -ErrorAction Stop -WarningAction SilentlyContinue)
        $rows.Source | Should -Be $gone
        @((Import-OciSyncConfig known.yaml | Where-Object KnownMissing).Reference | Sort-Object) | Should -Be $gone
    }

    It 'come after a file that is taken for a source' {
        Set-Content only.yaml -Value $lines
        $row = Sync-OciImage -Source only.yaml -Destination $place/x -ErrorAction SilentlyContinue -WarningVariable said
        $row.ErrorId | Should -Be 'OciReferenceInvalid'
        $row.Error | Should -BeLike "*-ConfigPath 'only.yaml'*"
        @($said).Count | Should -Be 0
    }

    It 'are no excuse for another one' {
        $failures = @()
        $rows = @(Sync-OciImage -ConfigPath $config -Destination $place/one -KnownMissing $gone[0] -ErrorVariable failures -ErrorAction SilentlyContinue)
        @($rows | Where-Object Status -eq 'Failed').Source | Should -Be $gone[1]
        $failures.Count | Should -Be 1
        { Sync-OciImage -ConfigPath $config -Destination $place/one -KnownMissing 'Not A Name' } | Should -Throw -ErrorId 'OciChoiceInvalid*'
    }
}
