Describe 'Plans' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $null = & dotnet $RegistryProgram seed $a --repository app/web --tags '1.0.0,1.1.0,1.2.0' --seed 10

        # Every tag of a registry with its digest.
        function Get-RegistryTag([string] $Registry, [string] $Below = '*') {
            Get-OciRepository $Registry -Include $Below | Get-OciTag | ForEach-Object { "$($_.Reference) $((Get-OciDigest $_.Reference).Digest)" } | Sort-Object
        }

        function Save-Row([string] $How, [object[]] $Row) {
            $file = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
            switch ($How) {
                'memory' { $Row }
                'Clixml' { $Row | Export-Clixml -Path $file; Import-Clixml -Path $file }
                'JSON' { ConvertTo-Json -InputObject @($Row) -Depth 4 | Set-Content $file; Get-Content -Raw $file | ConvertFrom-Json | ForEach-Object { $_ } }
                'CSV' { $Row | Export-Csv -Path $file -NoTypeInformation; Import-Csv -Path $file }
            }
        }
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'from <how> do what they say and nothing else' -ForEach @(@{ How = 'memory' }, @{ How = 'Clixml' }, @{ How = 'JSON' }, @{ How = 'CSV' }) {
        $place = "$b/$($how.ToLowerInvariant())"
        $null = Copy-OciImage $a/app/web:1.0.0 "$place/web:1.1.0"
        $null = Copy-OciImage $a/pause:3.9 "$place/other:7"
        $plan = @(Sync-OciImage -Source $a/app/web -Latest 3 -Destination $place -WhatIf)
        $before = @(Get-RegistryTag $b "$($how.ToLowerInvariant())/*")
        ($plan.Status | Sort-Object) | Should -Be @('WouldCopy', 'WouldCopy', 'WouldUpdate')

        $rows = @(Save-Row $how $plan | Sync-OciImage)
        ($rows.Status | Sort-Object) | Should -Be @('Copied', 'Copied', 'Updated')
        $after = @(Get-RegistryTag $b "$($how.ToLowerInvariant())/*")
        $said = @($plan | ForEach-Object { "$($_.Destination) $($_.Digest)" } | Sort-Object)
        $changed = @($after | Where-Object { $before -notcontains $_ })
        $changed | Should -Be $said
        @($before | Where-Object { $after -notcontains $_ }).Count | Should -Be 1
        $after.Count | Should -Be 4

        $again = @(Save-Row $how $plan | Sync-OciImage)
        ($again.Status | Select-Object -Unique) | Should -Be 'UpToDate'
        @(Get-RegistryTag $b "$($how.ToLowerInvariant())/*") | Should -Be $after
    }

    It 'fail a row whose source has moved, and copy the others' {
        $null = Copy-OciImage $a/app/web:1.0.0 $a/moving/web:1
        $null = Copy-OciImage $a/app/web:1.0.0 $a/moving/web:2
        $plan = "$a/moving/web:1", "$a/moving/web:2" | Sync-OciImage $b/moved -WhatIf
        $null = Copy-OciImage $a/app/web:1.1.0 $a/moving/web:1
        $failures = @()
        $rows = @($plan | Sync-OciImage -ErrorVariable failures -ErrorAction SilentlyContinue)
        $failed = @($rows | Where-Object Status -eq 'Failed')
        $failed.Source | Should -Be "$a/moving/web:1"
        $failed.ErrorId | Should -Be 'OciSourceMoved'
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciSourceMoved,*'
        (Get-OciTag $b/moved/web).Tag | Should -Be '2'

        # Trying again doesn't let it through: the row keeps what was planned.
        $retried = $failed | Sync-OciImage -ErrorAction SilentlyContinue
        $retried.ErrorId | Should -Be 'OciSourceMoved'
        ($failed | Select-Object Source, Destination | Sync-OciImage).Status | Should -Be 'Copied'
    }

    It 'keep what was chosen of each image' {
        $file = Join-Path $TestDrive 'parts.yaml'
        Set-Content $file -Value 'ocisync: 1', 'images:', "  $a/library/alpine:", "    tags: ['3.23.4']", '    platforms: [linux/arm64]', "  $a/app/web: ['1.0.0']"
        $plan = @(Sync-OciImage -ConfigPath $file -Destination $b/parts -WhatIf -WarningAction SilentlyContinue)
        $rows = @(Save-Row CSV $plan | Sync-OciImage)
        ($rows | Sort-Object Source).Digest | Should -Be ($plan | Sort-Object Source).Digest
        (Get-OciImageInfo $b/parts/alpine:3.23.4).Platforms | Should -Be 'linux/arm64'
    }

    It 'keep what each image becomes' {
        $file = Join-Path $TestDrive 'formats.yaml'
        Set-Content $file -Value 'ocisync: 1', 'images:', "  $a/library/alpine: { tags: ['3.23.4'], excludeAttestation: true, format: Docker }", "  $a/app/web: ['1.0.0']"
        $plan = @(Sync-OciImage -ConfigPath $file -Destination $b/formats -WhatIf)
        $rows = @(Save-Row JSON $plan | Sync-OciImage)
        $rows.Status | Should -Be @('Copied', 'Copied')
        (Get-OciImageInfo $b/formats/alpine:3.23.4).MediaType | Should -BeLike 'application/vnd.docker.*'
        (Sync-OciImage -ConfigPath $file -Destination $b/formats).Status | Should -Be @('UpToDate', 'UpToDate')
        @(Import-OciSyncConfig $file | Where-Object Format -eq 'Docker').Repository | Should -Be 'library/alpine'
    }

    It 'fail a row that would become another image than it says' {
        $plan = "$a/library/alpine:3.23.3" | Sync-OciImage $b/becomes -WhatIf
        $row = $plan | Sync-OciImage -Platform linux/amd64 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $row.ErrorId | Should -Be 'OciDigestMismatch'
        $row.Error | Should -BeLike "*the row says $($plan.Digest)*"
        (Get-OciDigest $a/library/alpine:3.23.3 | Sync-OciImage $b/becomes -Platform linux/amd64 -WarningAction SilentlyContinue).Status | Should -Be 'Copied'
    }

    It 'that failed try again what was asked for' {
        $yaml = Join-Path $TestDrive 'late.yaml'
        Set-Content $yaml -Value 'ocisync: 1', 'images:', "  $a/late/web: { latest: 1, excludeKeyword: ['1.2'] }", "  $a/app/web: ['1.0.0', '9.9.9']"
        $rows = Sync-OciImage -ConfigPath $yaml -Destination $b/late -Naming Path -ErrorAction SilentlyContinue
        $failed = @($rows | Where-Object Status -eq 'Failed')
        ($failed.ErrorId | Sort-Object) | Should -Be @('OciManifestUnknown', 'OciRepositoryUnknown')
        $null = Copy-OciImage $a/app/web:1.0.0 $a/late/web:1.0.0
        $null = Copy-OciImage $a/app/web:1.1.0 $a/late/web:1.1.0
        $null = Copy-OciImage $a/app/web:1.2.0 $a/late/web:1.2.0
        $null = Copy-OciImage $a/app/web:1.2.0 $a/app/web:9.9.9
        $again = @(Save-Row CSV $failed | Sync-OciImage)
        ($again | Sort-Object Source).Destination | Should -Be @("$b/late/app/web:9.9.9", "$b/late/late/web:1.1.0")
        $again.Status | Should -Be @('Copied', 'Copied')
    }

    It 'leave alone what they skip' {
        $null = Copy-OciImage $a/app/web:1.0.0 $b/skip/web:1.0.0
        $plan = @("$a/app/web:1.0.0", "$a/app/web:1.1.0" | Sync-OciImage $b/skip -SkipExisting '*' -WhatIf)
        ($plan | Sort-Object Source).Status | Should -Be @('Skipped', 'WouldCopy')
        (Save-Row JSON $plan | Sync-OciImage | Sort-Object Source).Status | Should -Be @('Skipped', 'Copied')
        $pruned = [pscustomobject]@{ Source = ''; Destination = "$b/skip/web:1.0.0"; Status = 'WouldPrune' } | Sync-OciImage -Force -ErrorAction SilentlyContinue -ErrorVariable failed
        $pruned.Status | Should -Be 'Failed'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'OciReferenceInvalid*'
        (Get-OciTag $b/skip/web).Tag | Should -Be @('1.0.0', '1.1.0')
    }
}

Describe 'Compare-OciImage' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $null = & dotnet $RegistryProgram seed $a --repository app/web --tags '1.0.0,1.1.0,1.2.0,1.3.0-rc.1,1.3,1.3.0,2.0.0,2.0.0-slim,latest' --seed 10
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'gives the rows of Sync-OciImage -WhatIf, and says nothing' {
        $null = "$a/pause:3.9" | Sync-OciImage $b/same
        $what = Sync-OciImage -Source $a/pause -Latest 2 -Destination $b/same -WhatIf | Sort-Object Source | Select-Object Source, Destination, Status, Digest, PreviousDigest
        $all = @(Compare-OciImage -Source $a/pause -Latest 2 -Destination $b/same *>&1)
        $rows = $all | Sort-Object Source | Select-Object Source, Destination, Status, Digest, PreviousDigest
        "$($rows | ConvertTo-Json)" | Should -Be "$($what | ConvertTo-Json)"
        $rows.Status | Should -Be @('WouldCopy', 'UpToDate')
        (Get-OciTag $b/same/pause).Tag | Should -Be '3.9'
        (Get-Command Compare-OciImage).Parameters.ContainsKey('WhatIf') | Should -BeFalse
    }

    It 'has the parameters of Sync-OciImage' {
        $sync = (Get-Command Sync-OciImage).Parameters.Keys | Where-Object { $_ -notin 'WhatIf', 'Confirm' } | Sort-Object
        $own = (Get-Command Compare-OciImage).Parameters.Keys | Where-Object { $_ -notin 'Newer', 'Cost', 'PullLimit' } | Sort-Object
        $own | Should -Be $sync
    }

    It 'lists newer versions than the newest there with -Newer' {
        $null = "$a/app/web:1.1.0", "$a/app/web:1.2.0" | Sync-OciImage $b/newer
        (Compare-OciImage -Source $a/app/web:1.1.0 -Destination $b/newer).Status | Should -Be 'UpToDate'
        $rows = @(Compare-OciImage -Source $a/app/web:1.1.0 -Destination $b/newer -Newer | Sort-Object Source)
        $rows.Destination | Should -Be @("$b/newer/web:1.1.0", "$b/newer/web:1.3.0", "$b/newer/web:2.0.0")
        $rows.Status | Should -Be @('UpToDate', 'WouldCopy', 'WouldCopy')
        $rows[1].Reason | Should -BeLike "*newer than '1.2.0'*"
        (Get-OciTag $b/newer/web).Tag | Should -Be @('1.1.0', '1.2.0')
    }

    It 'looks beyond ranges and numbers, not beyond exclusions, with -Newer' {
        $null = "$a/app/web:1.1.0" | Sync-OciImage $b/beyond -AppendSuffix '-x'
        $rows = @(Compare-OciImage -Source $a/app/web -VersionRange '<1.2' -Latest 1 -Exclude '2.*' -Destination $b/beyond -AppendSuffix '-x' -Newer | Sort-Object Source)
        $rows.Destination | Should -Be @("$b/beyond/web:1.1.0-x", "$b/beyond/web:1.2.0-x", "$b/beyond/web:1.3.0-x")
        ($rows | Sync-OciImage).Status | Sort-Object -Unique | Should -Be @('Copied', 'UpToDate')
    }

    It 'has nothing newer where there is nothing' {
        $rows = @(Compare-OciImage -Source $a/app/web:1.1.0 -Destination $b/empty -Newer)
        $rows.Status | Should -Be 'WouldCopy'
    }
}

Describe 'What is there' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $a --repository app/web --tags '1.0.0,1.1.0,1.2.0,1.3.0,1.4.0' --seed 10
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'is skipped where a wildcard matches, even when the source is another image by now' {
        $null = Copy-OciImage $a/app/web:1.4.0 $b/skip/web:1.0.0
        $null = Copy-OciImage $a/app/web:1.4.0 $b/skip/web:1.1.0
        $rows = @("$a/app/web:1.0.0", "$a/app/web:1.1.0", "$a/app/web:1.2.0" | Sync-OciImage $b/skip -SkipExisting '1.0.*' | Sort-Object Source)
        $rows.Status | Should -Be @('Skipped', 'Updated', 'Copied')
        $rows[0].Reason | Should -BeLike '*-SkipExisting*'
        (Copy-OciImage $a/app/web:1.0.0 $b/skip/web:1.0.0 -NoClobber '*').Status | Should -Be 'Skipped'
    }

    It 'is skipped by the wildcards of a file' {
        $yaml = Join-Path $TestDrive 'skip.yaml'
        $null = Copy-OciImage $a/app/web:1.4.0 $b/file/web:1.0.0
        Set-Content $yaml -Value 'ocisync: 1', 'images:', "  $a/app/web:", "    tags: ['1.0.0', '1.1.0']", '    skipExisting: true'
        (Sync-OciImage -ConfigPath $yaml -Destination $b/file | Sort-Object Source).Status | Should -Be @('Skipped', 'Copied')
        (Import-OciSyncConfig $yaml).SkipExisting | Should -Be '*'
        Set-Content $yaml -Value 'ocisync: 1', 'images:', "  $a/app/web:", '    latest: 2', "    skipExisting: ['[']"
        (Test-OciSyncConfig $yaml).Line | Should -Be 4
    }

    It 'does not count with -NewOnly' {
        $null = "$a/app/web:1.4.0", "$a/app/web:1.2.0" | Sync-OciImage $b/new
        $rows = @(Sync-OciImage -Source $a/app/web -Latest 2 -NewOnly -Destination $b/new, $b/new2 | Sort-Object Destination)
        $rows.Destination | Should -Be @("$b/new/web:1.1.0", "$b/new/web:1.3.0", "$b/new2/web:1.3.0", "$b/new2/web:1.4.0")
        $rows.Status | Select-Object -Unique | Should -Be 'Copied'
        @(Sync-OciImage -Source $a/app/web -Latest 9 -NewOnly -Destination $b/new).Destination | Should -Be "$b/new/web:1.0.0"
        @(Sync-OciImage -Source $a/app/web -Latest 9 -NewOnly -Destination $b/new -WarningAction Stop).Count | Should -Be 0
    }

    It 'is divided by -Shard, each image once' {
        $parts = foreach ($part in '1/3', '2/3', '3/3') { Sync-OciImage -Source $a/app/web -AllTags -Destination $b/shard, $b/shard2 -Shard $part }
        @($parts).Count | Should -Be 10
        @($parts.Destination | Sort-Object -Unique).Count | Should -Be 10
        $parts.Status | Select-Object -Unique | Should -Be 'Copied'
        { Sync-OciImage -Source $a/app/web:1.0.0 -Destination $b/shard -Shard 0/3 } | Should -Throw -ErrorId 'OciChoiceInvalid*'
        { Sync-OciImage -Source $a/app/web -Latest 1 -Destination $b/shard -Shard 1/3 -NewOnly } | Should -Throw -ErrorId 'OciChoiceInvalid*'
    }
}
