Describe 'Archives of images' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $here = Join-Path $RegistryFolder 'work'
        $null = New-Item -ItemType Directory -Path $here
        Push-Location $here
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'take further names, not only tags' {
        (Copy-OciImage $a/pause:3.9 docker-archive:names.tar:web:1 -AdditionalTag 2, 'nginx:3').Status | Should -Be 'Copied'
        (Get-OciTag docker-archive:names.tar).Reference | Sort-Object | Should -Be @('nginx:3', 'web:1', 'web:2' | ForEach-Object { "docker-archive:$here/names.tar:docker.io/library/$_" })
        $info = Get-OciImageInfo docker-archive:names.tar:nginx:3
        $info.Name, $info.Tag | Should -Be @('docker.io/library/nginx', '3')
        { Copy-OciImage $a/pause:3.9 docker-archive:other.tar:web:1 -AdditionalTag 'Nginx:3' } | Should -Throw "-AdditionalTag 'Nginx:3': *'Nginx' has an upper-case letter*"
    }

    It 'take every tag of the pipeline, below the current folder' {
        $rows = @(Get-OciTag $a/library/alpine -Include '3.23.3', '3.23.4' | Copy-OciImage -Destination docker-archive:all.tar -Platform linux/amd64 -WarningAction SilentlyContinue)
        $rows.Status | Should -Be @('Copied', 'Copied')
        @($rows.Destination | Sort-Object) | Should -Be @("docker-archive:$here/all.tar:$a/library/alpine:3.23.3", "docker-archive:$here/all.tar:$a/library/alpine:3.23.4")

        $tags = @(Get-OciTag docker-archive:all.tar)
        $tags.Tag | Should -Be @('3.23.3', '3.23.4')
        (Get-OciImageInfo $tags[1].Reference).Architecture | Should -Be 'amd64'
        $tags[1].Digest | Should -BeNullOrEmpty
        (Get-OciDigest $tags[1].Reference).Digest | Should -Be ($rows | Where-Object Destination -eq $tags[1].Reference).Digest
        ($tags | Sync-OciImage $b/m).Status | Should -Be @('Copied', 'Copied')
        (Sync-OciImage -Source docker-archive:all.tar -Destination $b/m).Status | Should -Be @('UpToDate', 'UpToDate')
    }

    It 'carry whole images in OCI archives, by name or all' {
        (Get-OciTag $a/pause -Include '3.9', '3.10' | Sync-OciImage oci-archive:carry.tar).Status | Should -Be @('Copied', 'Copied')
        (Sync-OciImage -Source oci-archive:carry.tar -Destination $b/carried).Status | Should -Be @('Copied', 'Copied')
        (Get-OciDigest $b/carried/pause:3.10).Digest | Should -Be (Get-OciDigest $a/pause:3.10).Digest
        (Copy-OciImage oci-archive:carry.tar:pause:3.9 dir:one).Digest | Should -Be (Get-OciDigest $a/pause:3.9).Digest
    }

    It 'are replaced only with -Force' {
        $null = Copy-OciImage $a/pause:3.9 oci-archive:again.tar:pause:3.9
        $row = Copy-OciImage $a/pause:3.10 oci-archive:again.tar:pause:3.10 -ErrorAction SilentlyContinue -ErrorVariable failures
        $row.ErrorId | Should -Be 'OciDestinationExists'
        $failures[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        (Copy-OciImage $a/pause:3.10 oci-archive:again.tar:pause:3.10 -Force).Status | Should -Be 'Copied'
        (Get-OciTag oci-archive:again.tar).Tag | Should -Be '3.10'
    }

    It 'are not written by -WhatIf' {
        (Copy-OciImage $a/pause:3.9 docker-archive:what-if.tar -WhatIf).Status | Should -Be 'WouldCopy'
        Test-Path (Join-Path $here 'what-if.tar') | Should -BeFalse
    }

    It 'say which Docker engine is not there' {
        $row = Copy-OciImage docker-daemon:a:1 dir:daemon -DaemonHost unix:///nowhere/docker.sock -ErrorAction SilentlyContinue
        $row.ErrorId | Should -Be 'OciConnectionFailed'
        $row.Error | Should -BeLike "*unix:///nowhere/docker.sock*"
    }
}
