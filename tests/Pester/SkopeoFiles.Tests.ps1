# skopeo sync and Sync-OciImage side by side: the same file or command, the same images at the same names.

BeforeDiscovery {
    $commands = @(
        @{ Name = 'a repository to a registry'; Arguments = '--src', 'docker', '--dest', 'docker', 'docs.example.com/busybox', 'PLACE'; Ours = { param($place) Sync-OciImage -Source docs.example.com/busybox -AllTags -Destination $place } }
        @{ Name = 'an image to a namespace'; Arguments = '--src', 'docker', '--dest', 'docker', 'docs.example.com/deep/er/redis:1.0', 'PLACE/test/'; Ours = { param($place) Sync-OciImage -Source docs.example.com/deep/er/redis:1.0 -Destination $place/test/ } }
        @{ Name = 'scoped names'; Arguments = '--src', 'docker', '--dest', 'docker', '--scoped', 'docs.example.com/deep/er/redis', 'PLACE/x'; Ours = { param($place) Sync-OciImage -Source docs.example.com/deep/er/redis -AllTags -Destination $place/x -Scoped } }
        @{ Name = 'a suffix'; Arguments = '--src', 'docker', '--dest', 'docker', '--append-suffix', '-mirror', 'docs.example.com/busybox', 'PLACE'; Ours = { param($place) Sync-OciImage -Source docs.example.com/busybox -AllTags -Destination $place -AppendSuffix '-mirror' } }
        @{ Name = 'a folder of one image'; Arguments = '--src', 'dir', '--dest', 'docker', 'USB/busybox:1-glibc', 'PLACE/test'; Ours = { param($place) Sync-OciImage -Source "dir:$usb/busybox:1-glibc" -Destination $place/test } }
        @{ Name = 'a folder of folders'; Arguments = '--src', 'dir', '--dest', 'docker', 'USB', 'PLACE'; Ours = { param($place) Sync-OciImage -Source "dir:$usb" -Destination $place } }
        @{ Name = 'a folder of folders, scoped'; Arguments = '--src', 'dir', '--dest', 'docker', '--scoped', 'SCOPED', 'PLACE'; Ours = { param($place) Sync-OciImage -Source "dir:$scoped" -Destination $place -Scoped } }
    )
}

Describe 'What skopeo sync does' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $skopeo = (Get-Command skopeo -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1).Source
        $plain = Open-TestRegistry
        $pki = Join-Path $RegistryFolder 'pki'
        $null = New-Item -ItemType Directory -Path $pki
        $certificates = Join-Path $RegistryFolder 'certs'
        $null = New-Item -ItemType Directory -Path $certificates
        $secure = Open-TestRegistry "--tls --pki-out `"$pki`" --user `"john:this is a secret`""
        Copy-Item -LiteralPath (Join-Path $pki 'ca.crt') -Destination (Join-Path $certificates 'ca.crt')
        $seeds = @(
            @{ Repository = 'busybox'; Tags = '1,1-glibc,1.36,latest'; Seed = 10 }
            @{ Repository = 'redis'; Tags = '1.0,2.0,3.0'; Seed = 20 }
            @{ Repository = 'nginx'; Tags = '1.13.1-alpine-perl,1.13.2-alpine-perl,1.13.3-alpine-perl,1.13.12-alpine-perl,1.13.1'; Seed = 30 }
            @{ Repository = 'coreos/etcd'; Tags = 'v3.3,latest'; Seed = 40 }
            @{ Repository = 'kube-vip/kube-vip'; Tags = 'v0.4.4,v0.6.0,v0.6.1'; Seed = 50 }
            @{ Repository = 'k3d-io/k3d-tools'; Tags = '5.5.1,5.5.2'; Seed = 60 }
            @{ Repository = 'deep/er/redis'; Tags = '1.0,2.0'; Seed = 70 }
        )
        foreach ($seed in $seeds) {
            $null = & dotnet $RegistryProgram seed $plain --repository $seed.Repository --tags $seed.Tags --seed $seed.Seed
        }

        $before = @{ Config = $env:CONTAINERS_REGISTRIES_CONF; Home = $env:HOME; Runtime = $env:XDG_RUNTIME_DIR; Data = $env:XDG_DATA_HOME; Root = $env:_CONTAINERS_ROOTLESS_UID }
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
        $places = @{ 'ghcr.io' = $plain; 'quay.io' = $plain; 'docs.example.com' = $plain }
        $entries = @($places.Keys | ForEach-Object { "[[registry]]`nprefix = `"$_`"`nlocation = `"$($places[$_])`"`ninsecure = true" })
        $entries += "[[registry]]`nprefix = `"registry.example.com`"`nlocation = `"$secure`""
        Set-Content -LiteralPath $env:CONTAINERS_REGISTRIES_CONF -Value $entries

        # The registry with a login gets its images by way of one that has none.
        $null = Connect-OciRegistry $secure -Credential ([pscredential]::new('john', (ConvertTo-SecureString 'this is a secret' -AsPlainText -Force))) -CertificateDirectory $certificates
        $null = Sync-OciImage -Source $plain/busybox, $plain/redis, $plain/nginx -AllTags -Destination $secure
        $null = Disconnect-OciRegistry $secure

        # skopeo's own caches and files have a home of their own.
        $env:HOME = $RegistryFolder
        $env:XDG_RUNTIME_DIR = $RegistryFolder
        $env:XDG_DATA_HOME = $RegistryFolder
        $env:_CONTAINERS_ROOTLESS_UID = '1000'

        function Invoke-Skopeo([string[]] $Argument) {
            $null = & $skopeo --insecure-policy sync --all --dest-tls-verify=false $Argument 2>&1
            $LASTEXITCODE | Should -Be 0 -Because ($Argument -join ' ')
        }

        # Every tag of a registry with its digest, by its name there.
        function Get-RegistryTag([string] $Registry) {
            Get-OciRepository $Registry | Get-OciTag | ForEach-Object { "$($_.Repository):$($_.Tag) $((Get-OciDigest $_.Reference).Digest)" } | Sort-Object
        }

        $usb = Join-Path $RegistryFolder 'usb'
        $scoped = Join-Path $RegistryFolder 'scoped'
        if ($skopeo) {
            Invoke-Skopeo '--src', 'docker', '--dest', 'dir', 'docs.example.com/busybox', $usb
            Invoke-Skopeo '--src', 'docker', '--dest', 'dir', '--scoped', 'docs.example.com/deep/er/redis', $scoped
        }
    }

    BeforeEach {
        if (-not $skopeo) { Set-ItResult -Skipped -Because 'server missing: skopeo' }
    }

    AfterAll {
        $env:CONTAINERS_REGISTRIES_CONF = $before.Config
        $env:HOME = $before.Home
        $env:XDG_RUNTIME_DIR = $before.Runtime
        $env:XDG_DATA_HOME = $before.Data
        $env:_CONTAINERS_ROOTLESS_UID = $before.Root
        Close-TestRegistry
    }

    It 'with the file that sync-image writes' {
        $file = Join-Path $PSScriptRoot '../data/sync-image-sync.yaml'
        $theirs = Open-TestRegistry
        $ours = Open-TestRegistry
        Invoke-Skopeo '--src', 'yaml', '--dest', 'docker', $file, "$theirs/me"
        $rows = Sync-OciImage -ConfigPath $file -Destination $ours/me
        $rows.Status | Select-Object -Unique | Should -Be 'Copied'
        $expected = @(Get-RegistryTag $theirs)
        $expected.Count | Should -Be 3
        @(Get-RegistryTag $ours) | Should -Be $expected
    }

    It 'with every kind of entry its manual shows' {
        $digest = (Get-OciDigest docs.example.com/redis:3.0).Digest
        $file = Join-Path $RegistryFolder 'sync.yaml'
        $text = (Get-Content -Raw (Join-Path $PSScriptRoot '../data/skopeo-sync.yaml')).Replace('sha256:DIGEST', $digest).Replace('FOLDER', $certificates)
        Set-Content -LiteralPath $file -Value $text
        $theirs = Open-TestRegistry
        $ours = Open-TestRegistry
        Invoke-Skopeo '--src', 'yaml', '--dest', 'docker', $file, "$theirs/repo"
        $rows = @(Sync-OciImage -ConfigPath $file -Destination $ours/repo)
        $rows.Status | Select-Object -Unique | Should -Be 'Copied'
        $rows.Count | Should -Be 10
        $expected = @(Get-RegistryTag $theirs)
        $expected.Count | Should -Be 9
        @(Get-RegistryTag $ours) | Should -Be $expected
        (Get-OciDigest "$theirs/repo/redis@$digest").Digest | Should -Be $digest
        (Get-OciDigest "$ours/repo/redis@$digest").Digest | Should -Be $digest
    }

    It 'from the command line: <name>' -ForEach $commands {
        $theirs = Open-TestRegistry
        $own = Open-TestRegistry
        Invoke-Skopeo @($arguments | ForEach-Object { $_.Replace('PLACE', $theirs).Replace('USB', $usb).Replace('SCOPED', $scoped) })
        $rows = @(& $ours $own)
        $rows.Status | Select-Object -Unique | Should -Be 'Copied'
        $expected = @(Get-RegistryTag $theirs)
        $expected.Count | Should -BeGreaterThan 0
        @(Get-RegistryTag $own) | Should -Be $expected
    }

    It 'to folders, which are the same file by file' {
        $folder = Join-Path $RegistryFolder 'own-usb'
        $null = Sync-OciImage -Source docs.example.com/busybox -AllTags -Destination "dir:$folder"
        $names = @(Get-ChildItem $usb -Recurse -File | ForEach-Object { $_.FullName.Substring($usb.Length) } | Sort-Object)
        $names.Count | Should -BeGreaterThan 8
        @(Get-ChildItem $folder -Recurse -File | ForEach-Object { $_.FullName.Substring($folder.Length) } | Sort-Object) | Should -Be $names
        foreach ($name in $names) {
            [Convert]::ToBase64String([System.IO.File]::ReadAllBytes($folder + $name)) -eq [Convert]::ToBase64String([System.IO.File]::ReadAllBytes($usb + $name)) | Should -BeTrue -Because $name
        }
    }
}

Describe 'Files that Export-OciSyncConfig writes' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $skopeo = (Get-Command skopeo -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1).Source
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $null = & dotnet $RegistryProgram seed $a --repository app/web --tags '1.0.0,1.1.0,1.2.0,1.10,2e5,latest' --seed 10
        $folder = $RegistryFolder

        function Get-RegistryTag([string] $Registry, [string] $Below = '*') {
            Get-OciRepository $Registry -Include $Below | Get-OciTag | ForEach-Object { "$($_.Repository):$($_.Tag) $((Get-OciDigest $_.Reference).Digest)" } | Sort-Object
        }
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'are read by skopeo as they are by us' {
        if (-not $skopeo) { Set-ItResult -Skipped -Because 'server missing: skopeo' }
        $file = Join-Path $folder 'sync.yaml'
        $digest = (Get-OciDigest $a/app/web:1.2.0).Digest
        @("$a/app/web:1.10", "$a/app/web:2e5", "$a/app/web@$digest", "$a/app/web:1.10") + @((Get-OciTag $a/pause -Latest 2).Reference) | Export-OciSyncConfig $file
        Get-Content -Raw $file | Should -BeLike "*- '1.10'*"
        $theirs = Open-TestRegistry
        $ours = Open-TestRegistry
        $null = & $skopeo --insecure-policy sync --all --src-tls-verify=false --dest-tls-verify=false --src yaml --dest docker $file $theirs 2>&1
        $LASTEXITCODE | Should -Be 0
        (Sync-OciImage -ConfigPath $file -Destination $ours).Status | Select-Object -Unique | Should -Be 'Copied'
        $expected = @(Get-RegistryTag $theirs)
        $expected.Count | Should -Be 4
        @(Get-RegistryTag $ours) | Should -Be $expected
        (Get-OciDigest "$theirs/web@$digest").Digest | Should -Be $digest
    }

    It 'make the same mirror again, after tags have moved: destinations, names, platforms' {
        $rows = @(
            Sync-OciImage -Source $a/app/web -Latest 2 -Destination $b/one, $b/two
            Sync-OciImage -Source $a/app/web:1.0.0 -Destination $b/one -AppendSuffix '-x'
            Sync-OciImage -Source $a/library/alpine:3.23.4 -Destination $b/one -Platform linux/arm64 -WarningAction SilentlyContinue
        )
        $expected = @(Get-RegistryTag $b)
        $lock = Join-Path $folder 'lock.yaml'
        $rows | Export-OciSyncConfig $lock -Format OciSync
        Test-OciSyncConfig $lock -Quiet | Should -BeTrue
        $null = Copy-OciImage $a/app/web:1.0.0 $a/app/web:1.2.0
        (Compare-OciImage -ConfigPath $lock).Status | Select-Object -Unique | Should -Be 'UpToDate'
        $again = Open-TestRegistry
        Set-Content -LiteralPath $lock -Value (Get-Content -Raw $lock).Replace($b, $again)
        $copied = @(Sync-OciImage -ConfigPath $lock -WarningAction SilentlyContinue)
        $copied.Status | Select-Object -Unique | Should -Be 'Copied'
        @(Get-RegistryTag $again) | Should -Be $expected
    }

    It 'are made of entries, whose choices are made and pinned' {
        $config = Join-Path $folder 'config.yaml'
        Set-Content $config -Value 'last: 2', 'autoSyncfile: auto.yaml', 'images:', "  ${a}:", '    - pause'
        Push-Location $folder
        try { Import-OciSyncConfig $config | Export-OciSyncConfig } finally { Pop-Location }
        $tags = @((Import-OciSyncConfig (Join-Path $folder 'auto.yaml')).Tag)
        $tags | Should -Be @('3.9', '3.10')
        $lock = Join-Path $folder 'auto.lock.yaml'
        Import-OciSyncConfig $config | Export-OciSyncConfig $lock -Format OciSync -Destination $b/auto
        (Import-OciSyncConfig $lock).Tag | Should -Be @(foreach ($tag in $tags) { "$tag@$((Get-OciDigest "$a/pause:$tag").Digest)" })
        (Sync-OciImage -ConfigPath $lock).Destination | Sort-Object | Should -Be @("$b/auto/pause:3.10", "$b/auto/pause:3.9")
    }

    It 'are whole or not there, and replaced only as is allowed' {
        $file = Join-Path $folder 'whole.yaml'
        $failures = @()
        "$a/pause:3.9", "$a/pause:nope" | Export-OciSyncConfig $file -Format OciSync -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciManifestUnknown,*'
        Test-Path $file | Should -BeFalse
        "$a/pause:3.9" | Export-OciSyncConfig $file -WhatIf
        Test-Path $file | Should -BeFalse
        "$a/pause:3.9" | Export-OciSyncConfig $file
        { "$a/pause:3.10" | Export-OciSyncConfig $file -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileExists*'
        (Import-OciSyncConfig $file).Tag | Should -Be '3.9'
        (Get-Item $file).IsReadOnly = $true
        { "$a/pause:3.10" | Export-OciSyncConfig $file -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileUnwritable*'
        "$a/pause:3.10" | Export-OciSyncConfig $file -Force
        (Import-OciSyncConfig $file).Tag | Should -Be '3.10'
        { "$a/pause:3.10" | Export-OciSyncConfig } | Should -Throw -ErrorId 'OciPathMissing*'
        @(Get-ChildItem $folder | Where-Object { $_.Name -like '*.tmp' }).Count | Should -Be 0
    }

    It 'leave out what failed, and say so' {
        $rows = @("$a/pause:3.9", "$a/pause:nope" | Sync-OciImage $b/partly -ErrorAction SilentlyContinue)
        $file = Join-Path $folder 'partly.yaml'
        $warnings = @()
        $rows | Export-OciSyncConfig $file -Format OciSync -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*pause:nope*'
        (Import-OciSyncConfig $file).Tag | Should -BeLike '3.9@sha256:*'
    }
}
