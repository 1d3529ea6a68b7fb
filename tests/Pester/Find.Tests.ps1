# Images that files, text and objects name, as users meet them.

Describe 'Find-OciImage' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        Push-Location (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'work'))
        $null = New-Item -ItemType Directory -Path deploy/in
        Set-Content -LiteralPath deploy/a.yaml -Value 'kind: Pod', 'metadata: {name: p}', 'spec:', '  containers:', "  - {name: a, image: `"$a/pause:3.9`"}", '  - {name: b, image: auto}'
        Set-Content -LiteralPath deploy/in/Dockerfile -Value "FROM $a/library/alpine:3.22.4 AS x", 'FROM x'
        Set-Content -LiteralPath broken.yaml -Value 'kind: Pod', 'a: [', '---', 'kind: Pod', "spec: {containers: [{image: `"$a/pause:3.9`"}]}"

        # What kubectl get pods -A -o json prints: keys in order, four blanks, the kind of the list behind its items.
        $pods = foreach ($i in 1..2000) {
            [ordered]@{
                apiVersion = 'v1'; kind = 'Pod'; metadata = [ordered]@{ name = "p$i"; namespace = 'default'; labels = @{ app = "a$i" } }
                spec = [ordered]@{ containers = @([ordered]@{ image = "$a/pause:3.$(9 + $i % 2)"; name = 'c' }); nodeName = 'n' }
                status = [ordered]@{ containerStatuses = @([ordered]@{ image = 'x'; imageID = "$a/pause@sha256:$('1' * 64)"; name = 'c' }); phase = 'Running' }
            }
        }
        [ordered]@{ apiVersion = 'v1'; items = $pods; kind = 'List'; metadata = @{ resourceVersion = '' } } | ConvertTo-Json -Depth 10 | Set-Content pods.json
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'gives an object for each image and place' {
        $rows = Find-OciImage deploy -WarningAction Ignore
        $rows.Count | Should -Be 2
        $rows[0].Reference | Should -Be "$a/pause:3.9"
        $rows[0].Text | Should -Be "$a/pause:3.9"
        $rows[0].FullName | Should -Be (Get-Item deploy/a.yaml).FullName
        $rows[0].Line, $rows[0].Column | Should -Be @(5, 23)
        $rows[0].Location | Should -Be 'spec.containers[0].image'
        "$($rows[0].Kind) $($rows[0].Name) $($rows[0].Rule)" | Should -Be 'Pod p Container'
        $rows[1].IsCertain, $rows[1].Reference, $rows[1].Text | Should -Be @($false, '', 'auto')
        $rows[1].Reason | Should -Not -BeNullOrEmpty
    }

    It 'says that something is not certain, and looks into folders only when asked' {
        (Find-OciImage deploy -WarningVariable warnings -WarningAction SilentlyContinue).Count | Should -Be 2
        "$warnings" | Should -BeLike '*IsCertain is False*'
        @(Find-OciImage deploy -Recurse -WarningAction Ignore | Where-Object Rule -eq DockerfileFrom).Reference | Should -Be "$a/library/alpine:3.22.4"
        @(Find-OciImage deploy -Recurse -ExcludeRule Container -WarningAction Ignore).Count | Should -Be 1
    }

    It 'warns of a broken document with file and line, and reads the others' {
        (Find-OciImage broken.yaml -WarningVariable warnings -WarningAction SilentlyContinue).Reference | Should -Be "$a/pause:3.9"
        "$warnings" | Should -BeLike "*broken.yaml(2,*"
    }

    It 'searches text to its end, files, and objects' {
        (Get-Content deploy/a.yaml | Find-OciImage -WarningAction Ignore)[0].Line | Should -Be 5
        (Get-Content -Raw deploy/a.yaml | Find-OciImage -WarningAction Ignore)[0].Line | Should -Be 5
        (Get-Item deploy/a.yaml | Find-OciImage -WarningAction Ignore)[0].File | Should -Be (Get-Item deploy/a.yaml).FullName
        ('{"kind":"Pod","spec":{"containers":[{"image":"a/b:1"}]}}' | ConvertFrom-Json | Find-OciImage).Reference | Should -Be 'docker.io/a/b:1'
        (@{ kind = 'Pod'; spec = @{ containers = @(@{ image = 'a/b:1' }) } } | Find-OciImage).Reference | Should -Be 'docker.io/a/b:1'
        'deploy' | Find-OciImage -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike '*Find-OciImage -Path*'
    }

    It 'tells what is wrong with a path, a rule, an object' {
        { Find-OciImage nothing.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileNotFound*'
        { Find-OciImage deploy -ExcludeRule Nothing } | Should -Throw -ErrorId 'OciFindRuleUnknown*'
        { 1 | Find-OciImage -ErrorAction Stop } | Should -Throw -ErrorId 'OciInputUnknown*'
        { Find-OciImage oci://$a/pause:3.9 -ErrorAction Stop } | Should -Throw -ErrorId 'OciDocumentInvalid*'
        { Find-OciImage oci://$a/pause -ErrorAction Stop } | Should -Throw -ErrorId 'OciTagRequired*'
    }

    It 'leads from the pods of a cluster to a plan and to a mirror' {
        $found = Get-Content pods.json | Find-OciImage -Unique
        @($found.Reference | Sort-Object) | Should -Be @("$a/pause:3.10", "$a/pause:3.9")
        $found[0].Digest | Should -Be "sha256:$('1' * 64)"
        @($found | Sync-OciImage $b/mirror -WhatIf).Status | Should -Be @('WouldCopy', 'WouldCopy')
        @(Find-OciImage pods.json -Unique | Compare-OciImage $b/mirror).Destination | Sort-Object | Should -Be @("$b/mirror/pause:3.10", "$b/mirror/pause:3.9")
        @(Get-Content pods.json | Find-OciImage).Count | Should -Be 2000
        @(Get-Content -Raw pods.json | ConvertFrom-Json | Find-OciImage).Count | Should -Be 2000
    }

    It 'passes on what is certain alone, unless more is wanted' {
        @(Find-OciImage deploy -WarningAction Ignore | Sync-OciImage $b/plan -WhatIf).Source | Should -Be "$a/pause:3.9"
        Set-Content -LiteralPath Dockerfile -Value "FROM $a/pause:3.9", 'COPY --from=tool /a /a'
        (Find-OciImage Dockerfile -WarningAction Ignore)[1].Reference | Should -BeNullOrEmpty
        (Find-OciImage Dockerfile -IncludeUncertain)[1].Reference | Should -Be 'docker.io/library/tool:latest'
    }

    It 'gives what other cmdlets take' {
        (Find-OciImage deploy/a.yaml -WarningAction Ignore | Select-Object -First 1 | Get-OciDigest).Digest | Should -Not -BeNullOrEmpty
        (Find-OciImage deploy/a.yaml -WarningAction Ignore | Select-Object -First 1 | Test-OciImage).Status | Should -Be 'Whole'
        $kept = Join-Path $TestDrive 'found.xml'
        Find-OciImage deploy -WarningAction Ignore | Export-Clixml $kept
        @(Import-Clixml $kept | Sync-OciImage $b/plan -WhatIf).Source | Should -Be "$a/pause:3.9"
    }

    It 'is a source of a sync file' {
        Set-Content -LiteralPath sync.yaml -Value 'ocisync: 1', "destinations: [$b/nightly]", 'find: [deploy/**]'
        @(Sync-OciImage -ConfigPath sync.yaml -WhatIf -WarningAction Ignore).Source | Sort-Object | Should -Be @("$a/library/alpine:3.22.4", "$a/pause:3.9")
        Test-OciSyncConfig sync.yaml -WarningAction Ignore | Should -BeNullOrEmpty
    }
}
