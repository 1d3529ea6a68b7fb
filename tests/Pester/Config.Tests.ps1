Describe 'Sync files' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $one = Open-TestRegistry
        $two = Open-TestRegistry
        Initialize-TestRegistry $source
        foreach ($name in 'elastic/kibana', 'old/metrics-server/metrics-server') {
            $null = & dotnet $RegistryProgram seed $source --repository $name --tags '1.0.0,1.1.0,1.2.0-alpha,latest' --seed 40
        }
        $null = & dotnet $RegistryProgram seed $source --repository metrics-server/metrics-server --tags '1.0.0,1.1.0' --seed 80
        $previous = $env:CONTAINERS_REGISTRIES_CONF
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
        $places = @{
            'docker.io' = $source; 'registry.k8s.io' = $source; 'docker.elastic.co' = "$source/elastic"; 'k8s.gcr.io' = "$source/old"
            'registry.corp.local' = $one; 'registry.cn-hangzhou.aliyuncs.com' = $two
        }
        Set-Content -LiteralPath $env:CONTAINERS_REGISTRIES_CONF -Value @(
            $places.Keys | ForEach-Object { "[[registry]]`nprefix = `"$_`"`nlocation = `"$($places[$_])`"`ninsecure = true" })
        $config = Join-Path $RegistryFolder 'config.yaml'
        Set-Content -LiteralPath $config -Value @(
            'last: 2', 'exclude:', "  - 'alpha'", 'images:', '  docker.elastic.co:', '    - kibana', '  k8s.gcr.io:', '    - metrics-server/metrics-server'
            '  registry.k8s.io:', '    - metrics-server/metrics-server', '    - pause', '    - nothing/here', '  docker.io:', '    - library/alpine')
    }

    AfterAll {
        $env:CONTAINERS_REGISTRIES_CONF = $previous
        Close-TestRegistry
    }

    It 'of sync-image are copied to several places, the first of a name wins, what is missing fails alone' {
        $failures = @()
        $rows = Sync-OciImage -ConfigPath $config -Destination registry.corp.local/mirror, registry.cn-hangzhou.aliyuncs.com/me `
            -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $copied = @($rows | Where-Object Status -eq 'Copied').Destination | Sort-Object
        $copied | Should -Be @(
            foreach ($place in 'registry.cn-hangzhou.aliyuncs.com/me', 'registry.corp.local/mirror') {
                'alpine:3.23.3', 'alpine:3.23.4', 'kibana:1.0.0', 'kibana:1.1.0', 'metrics-server:1.0.0', 'metrics-server:1.1.0', 'pause:3.10', 'pause:3.9' |
                    ForEach-Object { "$place/$_" }
            })
        $skipped = @($rows | Where-Object Status -eq 'Skipped')
        $skipped.Count | Should -Be 4
        $skipped[0].Reason | Should -BeLike "*k8s.gcr.io/metrics-server/metrics-server:1.?.0* comes first*"
        (Get-OciDigest registry.corp.local/mirror/metrics-server:1.1.0).Digest | Should -Be (Get-OciDigest k8s.gcr.io/metrics-server/metrics-server:1.1.0).Digest
        @($rows | Where-Object Status -eq 'Failed').Source | Should -Be @('registry.k8s.io/nothing/here', 'registry.k8s.io/nothing/here')
        @($failures | Where-Object FullyQualifiedErrorId -like 'OciRepositoryUnknown,*').Count | Should -Be 2
    }

    It 'are all up to date the second time' {
        $rows = Sync-OciImage -ConfigPath $config -Destination registry.corp.local/mirror -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        @($rows | Where-Object { $_.Status -notin 'UpToDate', 'Skipped', 'Failed' }).Count | Should -Be 0
    }

    It 'come as objects that can be filtered and synced' {
        $entries = Import-OciSyncConfig $config
        @($entries).Count | Should -Be 6
        $rows = $entries | Where-Object Repository -eq 'pause' | Sync-OciImage registry.corp.local/filtered
        @($rows | Sort-Object Source).Destination | Should -Be @('registry.corp.local/filtered/pause:3.10', 'registry.corp.local/filtered/pause:3.9')
    }

    It 'of our own format have destinations and names of their own' {
        $own = Join-Path $RegistryFolder 'mirror.yaml'
        Set-Content -LiteralPath $own -Value @(
            'ocisync: 1', 'destinations:', '  - registry.corp.local/own', 'images:', "  docker.io/library/alpine: ['3.22.4']"
            '  registry.k8s.io/pause:', '    latest: 1', '    destination: registry.corp.local/base/pause')
        $rows = Sync-OciImage -ConfigPath $own
        @($rows | Sort-Object Source).Destination | Should -Be @('registry.corp.local/own/alpine:3.22.4', 'registry.corp.local/base/pause:3.10')
    }

    It 'of skopeo name tags, expressions and ranges' {
        $yaml = Join-Path $RegistryFolder 'sync.yaml'
        Set-Content -LiteralPath $yaml -Value @(
            'docker.io:', '  images:', '    library/alpine:', '      - 3.20', '  images-by-tag-regex:', '    library/alpine: ^3\.22\.4$'
            'registry.k8s.io:', '  images-by-semver:', "    pause: '>= 3.10'")
        $rows = Sync-OciImage -ConfigPath $yaml -Destination registry.corp.local/skopeo
        @($rows | Sort-Object Source).Destination | Should -Be @(
            'registry.corp.local/skopeo/alpine:3.20', 'registry.corp.local/skopeo/alpine:3.22.4', 'registry.corp.local/skopeo/pause:3.10')
    }

    It 'that are wrong end the command before any work, with line and column' {
        $bad = Join-Path $RegistryFolder 'bad.yaml'
        Set-Content -LiteralPath $bad -Value @('last: 2', 'exlude: [a]', 'images:', '  docker.io: [library/alpine]')
        { Sync-OciImage -ConfigPath $bad -Destination registry.corp.local/bad } | Should -Throw -ErrorId 'OciConfigurationInvalid*'
        $mistakes = @(Test-OciSyncConfig $bad)
        $mistakes.Count | Should -Be 1
        "$($mistakes[0].Line),$($mistakes[0].Column)" | Should -Be '2,1'
        $mistakes[0].Message | Should -BeLike "*was 'exclude' meant?"
        Test-OciSyncConfig $bad, $config -Quiet | Should -Be @($false, $true)
        { Sync-OciImage -ConfigPath (Join-Path $RegistryFolder 'none.yaml') -Destination registry.corp.local/bad } | Should -Throw -ErrorId 'OciFileNotFound*'
        { Sync-OciImage -ConfigPath $config } | Should -Throw -ErrorId 'OciDestinationMissing*'
    }
}
