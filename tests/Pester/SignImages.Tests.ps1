# Images that are signed, as users sign them: by key files, with passphrases from everywhere, by sync files; and the lines of docs/from-skopeo.md.

BeforeDiscovery {
    $page = Get-Content -Raw (Join-Path $PSScriptRoot '../../docs/from-skopeo.md')
    $section = [regex]::Match($page, '(?s)\n## Signing\n(.*?)(?=\n## )').Groups[1].Value
    $lines = @(
        foreach ($row in [regex]::Matches($section, '(?m)^\|.*\| `(.+)` \|$')) { @{ Line = $row.Groups[1].Value.Replace('\|', '|') } }
    )
    $noGpg = -not (Get-Command gpg -ErrorAction Ignore)
}

Describe 'Signing images' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $corp = Open-TestRegistry
        Initialize-TestRegistry $source
        $image = "$source/library/alpine:3.22.4"
        Push-Location $RegistryFolder
        Set-Content pass.txt 'correct horse', 'second line'
        $password = ConvertTo-SecureString 'correct horse' -AsPlainText -Force
        $null = New-OciSigningKey team -Passphrase $password
        $null = New-OciSigningKey open -NoPassphrase
        $env:COSIGN_PASSWORD = $null
        function Test-Key([string] $Image, [string] $Key) { Test-OciSignature $Image -PublicKeyPath "$Key.pub" -IdentityMatch Exact -Quiet }
    }

    AfterAll {
        $env:COSIGN_PASSWORD = $null
        Pop-Location
        Close-TestRegistry
    }

    It 'signs index and platforms of what is there, once, and gives a row for each' {
        $rows = @(Add-OciSignature $image -SigningKeyPath open.key)
        $rows.Status | Select-Object -Unique | Should -Be 'Added'
        $rows[0].Part | Should -Be 'index'
        @($rows | Where-Object Part -EQ 'platform').Count | Should -Be 2
        $rows.Identity | Select-Object -Unique | Should -Be $image
        Test-Key $image open | Should -BeTrue
        (Add-OciSignature $image -SigningKeyPath open.key).Status | Select-Object -Unique | Should -Be 'UpToDate'
        @(Get-OciSignature $image).Count | Should -Be $rows.Count
    }

    It 'takes images from the pipeline, and gives what Test-OciSignature takes' {
        $rows = "$source/pause:3.9", "$source/none:1" | Add-OciSignature -SigningKeyPath open.key -ErrorAction SilentlyContinue -ErrorVariable failures
        $rows[0].Reference | Should -Be "$source/pause:3.9"
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciRepositoryUnknown,*'
        ($rows[0] | Test-OciSignature -PublicKeyPath open.pub).Status | Select-Object -Unique | Should -Be 'Trusted'
    }

    It 'takes the passphrase from <Name>' -ForEach @(
        @{ Name = 'a SecureString'; Given = { @{ Passphrase = $password } } }
        @{ Name = 'the first line of a file'; Given = { @{ PassphrasePath = 'pass.txt' } } }
        @{ Name = 'the environment'; Given = { $env:COSIGN_PASSWORD = 'correct horse'; @{} } }
    ) {
        $given = & $Given
        try { (Add-OciSignature $image -SigningKeyPath team.key @given).Count | Should -BeGreaterThan 0 } finally { $env:COSIGN_PASSWORD = $null }
        Test-Key $image team | Should -BeTrue
    }

    It 'ends before any work where a key can not sign' {
        { Add-OciSignature $image -SigningKeyPath team.key } | Should -Throw '*none was given*' -ErrorId 'OciPassphraseWrong,*'
        { Copy-OciImage $image $corp/x:1 -SigningKeyPath team.key -Passphrase (ConvertTo-SecureString 'wrong' -AsPlainText -Force) } |
            Should -Throw '*does not open*' -ErrorId 'OciPassphraseWrong,*'
        { Copy-OciImage $image $corp/x:1 -SigningKeyPath team.pub } | Should -Throw -ErrorId 'OciSigningKeyInvalid,*'
        { Copy-OciImage $image $corp/x:1 -SigningKeyPath none.key } | Should -Throw -ErrorId 'OciFileNotFound,*'
        { Copy-OciImage $image $corp/x:1 -SigningKeyPath open.key -PassphrasePath none.txt } | Should -Throw -ErrorId 'OciFileNotFound,*'
        { Copy-OciImage $image $corp/x:1 -SigningKeyPath open.key -SignatureFormat OpenPgp } | Should -Throw -ErrorId 'OciChoiceInvalid,*'
        { Copy-OciImage $image $corp/x:1 -SignIdentity quay.io/a/b } | Should -Throw -ErrorId 'OciTrustInvalid,*'
        { Add-OciSignature $image } | Should -Throw -ErrorId 'OciTrustInvalid,*'
        { Add-OciSignature $image -SigningKeyPath open.key -Passphrase $password -PassphrasePath pass.txt } | Should -Throw -ErrorId 'OciTrustInvalid,*'
        { Get-OciTag $corp/x -ErrorAction Stop } | Should -Throw -ErrorId 'OciRepositoryUnknown,*'
    }

    It 'shows no passphrase, whatever is asked to be shown' {
        $null = New-OciSigningKey secret -Passphrase $password
        $trace = Join-Path $RegistryFolder 'trace.jsonl'
        $shown = & {
            Add-OciSignature $image -SigningKeyPath secret.key -Passphrase $password -TracePath $trace -Verbose -Debug *>&1
            Copy-OciImage $image $corp/shown:1 -SigningKeyPath secret.key -PassphrasePath pass.txt -Verbose -Debug *>&1
            try { Add-OciSignature $image -SigningKeyPath secret.key -Passphrase (ConvertTo-SecureString 'incorrect horse' -AsPlainText -Force) -Verbose -Debug *>&1 } catch { $_; $_.Exception.ToString() }
        } | Format-List * -Force | Out-String -Width 4000
        $shown | Should -BeLike '*sha256:*'
        $shown | Should -Not -BeLike '*correct horse*'
        $shown | Should -Not -BeLike '*Y29ycmVjdCBob3Jz*'
        Get-Content -Raw $trace | Should -Not -BeLike '*correct horse*'
    }

    It 'writes nothing with -WhatIf' {
        Add-OciSignature "$source/pause:3.9" -SigningKeyPath open.key -SignatureFormat Bundle -WhatIf | Should -BeNullOrEmpty
        @(Get-OciSignature "$source/pause:3.9" | Where-Object Kind -EQ Bundle).Count | Should -Be 0
    }

    It 'signs what is copied under the name that it gets, and only once' {
        $row = Copy-OciImage $image $corp/copied:1 -SigningKeyPath open.key
        $row.Status, $row.SignedWith.Count | Should -Be 'Copied', 1
        $row.SignedWith[0] | Should -BeLike 'sha256:*'
        Test-Key "$corp/copied:1" open | Should -BeTrue
        (Copy-OciImage $image $corp/copied:1 -SigningKeyPath open.key).Status | Should -Be 'UpToDate'
        (Copy-OciImage $image $corp/copied:1 -SigningKeyPath team.key -PassphrasePath pass.txt -WhatIf).Status | Should -Be 'WouldUpdate'
        $row = Copy-OciImage $image $corp/copied:1 -SigningKeyPath team.key -PassphrasePath pass.txt
        $row.Status | Should -Be 'Updated'
        $row.Reason | Should -BeLike '*not signed*'
        Test-Key "$corp/copied:1" open | Should -BeTrue
        Test-Key "$corp/copied:1" team | Should -BeTrue
        (Compare-OciImage -Source $image -Destination $corp/new -SigningKeyPath open.key).Status | Should -Be 'WouldCopy'
    }

    It 'signs as a sync file says, entry by entry, and its rows say so too' {
        Set-Content sync.yaml @(
            'ocisync: 1', "destinations: [$corp/synced]", 'defaults: { sign: { keys: open.key } }', 'images:'
            "  $source/library/alpine: { tags: ['3.22.4'], sign: { keys: [team.key], identity: quay.io/team/alpine, passphraseVariable: TEAM_KEY } }"
            "  $source/pause: [ { tags: ['3.9'] }, { tags: ['3.10'], sign: none } ]"
        )
        { Sync-OciImage -ConfigPath sync.yaml } | Should -Throw "*'TEAM_KEY'*" -ErrorId 'OciPassphraseWrong,*'
        $env:TEAM_KEY = 'correct horse'
        try {
            $rows = Sync-OciImage -ConfigPath sync.yaml
            $alpine = $rows | Where-Object Source -Like '*alpine*'
            Test-OciSignature $alpine.Destination -PublicKeyPath team.pub -Identity quay.io/team/alpine:3.22.4 -IdentityMatch Exact -Quiet | Should -BeTrue
            Test-Key "$corp/synced/pause:3.9" open | Should -BeTrue
            ($rows | Where-Object Source -Like '*pause:3.10').Status | Should -Be 'Copied'
            ($rows | Where-Object Source -Like '*pause:3.10').SignedWith.Count | Should -Be 0
            $alpine.Selection | Should -BeLike "*sign: { keys: [[]'*team.key'], identity: 'quay.io/team/alpine', passphraseVariable: 'TEAM_KEY' }*"

            # A row that is piped again is signed by the same; nothing is missing.
            ($alpine | Sync-OciImage).Status | Should -Be 'UpToDate'
            @(Get-OciSignature $alpine.Destination).Count | Should -Be @(Test-OciSignature $alpine.Destination -PublicKeyPath team.pub -IdentityMatch Any).Count
        } finally { $env:TEAM_KEY = $null }
    }

    It 'tells what is wrong in a sync file, by line and column' {
        Set-Content bad.yaml 'ocisync: 1', 'images:', "  $source/pause:", "    tags: ['3.9']", "    sign: { keys: open.key, passphrase: x, identity: 'A B', format: Zip }"
        $mistakes = @(Test-OciSyncConfig bad.yaml)
        $mistakes.Line | Select-Object -Unique | Should -Be 5
        $mistakes.Message -like '*does*t stand in a sync file*' | Should -HaveCount 1
        $mistakes.Message -like "*'identity' can't be the name*" | Should -HaveCount 1
        $mistakes.Message -like "*Attachment, Bundle, OpenPgp*" | Should -HaveCount 1
    }
}

Describe 'The signing lines of docs/from-skopeo.md' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $corp = Open-TestRegistry
        Initialize-TestRegistry $source
        $previous = @{ Config = $env:CONTAINERS_REGISTRIES_CONF; Gpg = $env:GNUPGHOME }
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
        Set-Content $env:CONTAINERS_REGISTRIES_CONF @(
            foreach ($place in @{ 'docker.io' = $source; 'registry.k8s.io' = $source; 'registry.corp.local' = $corp }.GetEnumerator()) {
                "[[registry]]`nprefix = `"$($place.Key)`"`nlocation = `"$($place.Value)`"`ninsecure = true"
            }
        )
        Push-Location $RegistryFolder
        Set-Content pass.txt 'secret'
        $null = New-Item -ItemType Directory registries.d
        Set-Content registries.d/all.yaml "default-docker: { lookaside: 'file://$(Join-Path $RegistryFolder 'sigs')' }"
        $null = Copy-OciImage registry.k8s.io/pause:3.9 dir:folder -InsecurePolicy
        $null = Copy-OciImage registry.k8s.io/pause:3.9 registry.corp.local/mirror/pause:3.9 -InsecurePolicy
        $fingerprint = $null
        if (Get-Command gpg -ErrorAction Ignore) {
            $env:GNUPGHOME = Join-Path ([System.IO.Path]::GetTempPath()) ('g' + [guid]::NewGuid().ToString('N').Substring(0, 6))
            $null = New-Item -ItemType Directory $env:GNUPGHOME
            & chmod 700 $env:GNUPGHOME
            & gpg --batch --quiet --passphrase '' --quick-generate-key 'alice <alice@example.test>' ed25519 sign never 2>$null
            & gpg --batch --armor --passphrase '' --pinentry-mode loopback --output alice.asc --export-secret-keys alice 2>$null
            & gpg --batch --output alice.gpg --export alice 2>$null
            $fingerprint = (& gpg --batch --with-colons --list-keys alice 2>$null | Where-Object { $_ -like 'fpr:*' } | Select-Object -First 1).Split(':')[9]
        }
    }

    AfterAll {
        if ($env:GNUPGHOME -ne $previous.Gpg) {
            & gpgconf --kill gpg-agent
            Remove-Item -Recurse -Force $env:GNUPGHOME
        }
        $env:CONTAINERS_REGISTRIES_CONF = $previous.Config
        $env:GNUPGHOME = $previous.Gpg
        Pop-Location
        Close-TestRegistry
    }

    It 'are there' -ForEach @(@{ Count = $lines.Count }) { $Count | Should -BeGreaterThan 8 }

    It 'run as they stand: <Line>' -ForEach $lines {
        if (-not $fingerprint -and $Line -match 'D1…|alice') { Set-ItResult -Skipped -Because 'server missing: gpg'; return }
        $output = @(& ([scriptblock]::Create($Line.Replace('D1…', $fingerprint))) -ErrorAction Stop)
        $output.Count | Should -BeGreaterThan 0
        if ($Line -like '*-RegistriesDirectory*') { @(Get-ChildItem -LiteralPath sigs -Recurse -File).Count | Should -BeGreaterThan 0 }
        switch -Wildcard ($Line) {
            'Copy-*' { $output[0].SignedWith.Count | Should -Be 1 }
            '*Sync-*' { $output.SignedWith.Count | Should -Be 2 }
            'Add-*' { $output.Status | Select-Object -Unique | Should -Be 'Added' }
            'Test-*' { $output.Status | Select-Object -Unique | Should -Be 'Trusted' }
        }
    }
}
