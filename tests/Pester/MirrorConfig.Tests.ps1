# What makes machines pull from a mirror, as users write it.

Describe 'Export-OciMirrorConfig' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force
        $previous = $env:CONTAINERS_REGISTRIES_CONF
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $TestDrive 'none.conf'
        Set-Content -LiteralPath $env:CONTAINERS_REGISTRIES_CONF -Value '[[registry]]', 'location = "plain.test"', 'insecure = true'

        function New-MirrorRow([string] $Source, [string] $Destination, [string] $Status = 'Copied') {
            [pscustomobject] @{ Source = $Source; Destination = $Destination; Status = $Status }
        }

        $full = @(
            New-MirrorRow 'docker.io/library/alpine:3' 'm.test/hub/docker.io/library/alpine:3'
            New-MirrorRow 'quay.io/a/b:1' 'm.test/hub/quay.io/a/b:1' 'UpToDate'
        )
    }

    AfterAll { $env:CONTAINERS_REGISTRIES_CONF = $previous }

    BeforeEach {
        $work = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Push-Location (New-Item -ItemType Directory -Path $work)
    }

    AfterEach { Pop-Location }

    It 'writes a file for each registry of the rows' {
        $files = @($full | Export-OciMirrorConfig certs.d -Format Containerd)
        $files.Status | Should -Be @('Written', 'Written')
        "$($files.Source)" | Should -Be 'docker.io quay.io'
        $files[0].Path | Should -Be (Get-Item certs.d/docker.io/hosts.toml).FullName
        (Get-Content -Raw certs.d/quay.io/hosts.toml) | Should -Be $files[1].Text
        @($full | Export-OciMirrorConfig certs.d -Format Containerd).Status | Should -Be @('Unchanged', 'Unchanged')
    }

    It 'takes rows that were kept as <kind>' -ForEach @(@{ Kind = 'CSV' }, @{ Kind = 'JSON' }) {
        $rows = if ($kind -eq 'CSV') { $full | ConvertTo-Csv | ConvertFrom-Csv } else { $full | ConvertTo-Json | ConvertFrom-Json }
        ($rows | Export-OciMirrorConfig x.conf -Format RegistriesConf).Mirror | Should -Be @('m.test/hub/docker.io', 'm.test/hub/quay.io')
    }

    It 'makes a folder of a path with a slash at its end, and tells of a drop-in that nobody would read' {
        ($full | Export-OciMirrorConfig drop/ -Format RegistriesConf -WarningVariable told).Path | Should -Be (Join-Path $PWD 'drop/50-ocisync-mirror.conf')
        $told | Should -BeNullOrEmpty
        'drop/50-ocisync-mirror.conf' | Should -Exist
        ($full | Export-OciMirrorConfig mirror -Format RegistriesConf -WarningVariable told -WarningAction SilentlyContinue).Path | Should -Be (Join-Path $PWD 'mirror')
        "$told" | Should -BeLike "*end in .conf; 'mirror' would be passed over*"
    }

    It 'writes nothing with -WhatIf, and shows the text' {
        $files = @($full | Export-OciMirrorConfig certs.d -Format Containerd -WhatIf)
        $files.Status | Should -Be @('WouldWrite', 'WouldWrite')
        $files[0].Text | Should -BeLike '*https://m.test/v2/hub/docker.io*'
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'takes names and a place, by <naming>' -ForEach @(
        @{ Naming = 'Leaf'; Wanted = 'm.test/hub/b' }, @{ Naming = 'Path'; Wanted = 'm.test/hub' }, @{ Naming = 'Full'; Wanted = 'm.test/hub/quay.io' }
        @{ Naming = 'Flat'; Wanted = 'm.test/hub/a-b' }
    ) {
        ('quay.io/a/b:1' | Export-OciMirrorConfig x.conf -Format RegistriesConf -Destination m.test/hub -Naming $naming).Mirror | Should -Be @($wanted)
    }

    It 'takes a sync file with its own destinations, and its entries' {
        Set-Content sync.yaml 'ocisync: 1', 'destinations:', '  - place: m.test/hub', '    naming: Full', 'images:', '  quay.io/a/b: {latest: 2}', "  docker.io/library/x: ['1']"
        $file = Export-OciMirrorConfig x.yaml -Format K3s -ConfigPath sync.yaml
        "$($file.Source)" | Should -Be 'docker.io quay.io'
        $entries = Import-OciSyncConfig sync.yaml | Export-OciMirrorConfig y.yaml -Format K3s -Destination m.test/hub -Naming Full
        $entries.Text | Should -Be $file.Text
    }

    It 'leaves out what is not at the mirror, with a word' {
        $rows = $full + (New-MirrorRow 'ghcr.io/c/d:1' 'm.test/hub/ghcr.io/c/d:1' 'Failed') + (New-MirrorRow '' 'm.test/hub/old:1' 'Pruned')
        $files = @($rows | Export-OciMirrorConfig certs.d -Format Containerd -WarningVariable warnings -WarningAction SilentlyContinue)
        $files.Count | Should -Be 2
        "$warnings" | Should -BeLike '1 images are left out*ghcr.io/c/d:1*'
    }

    It 'refuses what <format> cannot say, with the id and the names' -ForEach @(@{ Format = 'Containerd' }, @{ Format = 'Docker' }) {
        New-MirrorRow 'docker.io/library/alpine:3' 'm.test/hub/alpine:3' |
            Export-OciMirrorConfig certs.d -Format $format -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciNamingUnsupported,*'
        "$failures" | Should -BeLike "*'docker.io/library/alpine' -> 'm.test/hub/alpine'*-Naming Full*"
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'replaces what is somebody else''s with -Force alone' {
        Set-Content x.yaml 'kind: Other'
        $full | Export-OciMirrorConfig x.yaml -Format OpenShift -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciDestinationExists,*'
        Get-Content x.yaml | Should -Be 'kind: Other'
        ($full | Export-OciMirrorConfig x.yaml -Format OpenShift -Force).Status | Should -Be 'Written'
    }

    It 'is not written when one of the inputs is no image' {
        @($full) + (New-MirrorRow 'No Name' 'm.test/a:1') |
            Export-OciMirrorConfig x.conf -Format RegistriesConf -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciReferenceInvalid,*'
        Test-Path x.conf | Should -BeFalse
    }

    It 'knows http from registries.conf, from -MirrorAddress, and of this machine, which is told' {
        (New-MirrorRow 'quay.io/a/b:1' 'plain.test/a/b:1' | Export-OciMirrorConfig c -Format Containerd).Mirror | Should -Be @('http://plain.test')
        $row = New-MirrorRow 'quay.io/a/b:1' '127.0.0.1:5000/a/b:1'
        $here = $row | Export-OciMirrorConfig c -Format Containerd -WarningVariable warnings -WarningAction SilentlyContinue
        "$($here.Mirror)" | Should -Be 'http://127.0.0.1:5000'
        "$warnings" | Should -BeLike '*this machine alone*-MirrorAddress*'
        ($row | Export-OciMirrorConfig c -Format Containerd -MirrorAddress http://m.test -WarningVariable none).Mirror | Should -Be @('http://m.test')
        ($row | Export-OciMirrorConfig c -Format Containerd -MirrorAddress m.test:5000).Mirror | Should -Be @('https://m.test:5000')
        $none | Should -BeNullOrEmpty
    }

    It 'takes images of a folder that a server gives away' {
        $row = New-MirrorRow 'quay.io/a/b:1' 'oci:mirror:quay.io/a/b:1'
        ($row | Export-OciMirrorConfig c -Format Containerd -MirrorAddress http://m.test:5000).Mirror | Should -Be @('http://m.test:5000/v2/quay.io')
        $row | Export-OciMirrorConfig c -Format Containerd -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        "$failures" | Should -BeLike '*-MirrorAddress*'
    }

    It 'writes a secret when it is asked for alone' {
        $login = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
        ($full[0] | Export-OciMirrorConfig x.yaml -Format K3s -MirrorCredential $login).Text | Should -Not -BeLike '*s3cret*'
        ($full[0] | Export-OciMirrorConfig x.yaml -Format K3s -MirrorCredential $login -IncludeSecret).Text | Should -BeLike '*password: "s3cret"*'
    }
}
