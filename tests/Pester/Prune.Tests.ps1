Describe 'Sync-OciImage -Prune' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $source --repository team/app --tags '1.0,2.0,3.0,4.0'
        $here = Join-Path $RegistryFolder 'work'
        $null = New-Item -ItemType Directory -Path $here
        Push-Location $here
    }

    BeforeEach {
        $place = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $place --repository app --tags '0.8,0.9' --seed 50
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'asks before anything is copied, and where nobody can be asked ends with one error' {
        { Sync-OciImage $place -Source $source/team/app -Latest 2 -Prune } | Should -Throw -ErrorId 'OciConfirmationRequired*'
        @(Get-OciTag $place/app).Tag | Should -Be @('0.8', '0.9')
    }

    It 'tells what would go' {
        $rows = @(Sync-OciImage $place -Source $source/team/app -Latest 2 -Prune -WhatIf)
        @($rows.Status | Sort-Object) | Should -Be @('WouldCopy', 'WouldCopy', 'WouldPrune', 'WouldPrune')
        @(Get-OciTag $place/app).Tag | Should -Be @('0.8', '0.9')
    }

    It 'removes what is not chosen any more: <name>' -ForEach @{ Name = '-Force'; Switches = @{ Force = $true } }, @{ Name = '-Confirm:$false'; Switches = @{ Confirm = $false } } {
        $rows = @(Get-OciTag $source/team/app -Latest 2 | Sync-OciImage $place -Prune @Switches -ReportPath report.jsonl -ErrorAction Stop)
        @($rows.Status | Sort-Object) | Should -Be @('Copied', 'Copied', 'Pruned', 'Pruned')
        $pruned = @($rows | Where-Object Status -eq 'Pruned' | Sort-Object Destination)
        $pruned.Destination | Should -Be @("$place/app:0.8", "$place/app:0.9")
        $pruned[0].PreviousDigest | Should -BeLike 'sha256:*'
        @(Get-Content report.jsonl).Count | Should -Be 4
        @(Get-OciTag $place/app).Tag | Should -Be @('3.0', '4.0')
        (Get-OciTag $source/team/app -Latest 2 | Sync-OciImage $place -Prune @Switches).Status | Should -Be @('UpToDate', 'UpToDate')
    }

    It 'removes nothing when more would go than may' {
        $rows = @(Sync-OciImage $place -Source $source/team/app -Latest 2 -Prune -Force -MaxPrune 1 -ErrorAction SilentlyContinue -ErrorVariable failed)
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'OciPruneLimitExceeded*'
        @($rows | Where-Object Status -eq 'Copied').Count | Should -Be 2
        @(Get-OciTag $place/app).Count | Should -Be 4
        { Sync-OciImage $place -Source $source/team/app -Latest 2 -Prune -Force -MaxPrune few } | Should -Throw -ErrorId 'OciChoiceInvalid*'
    }

    It 'copies nothing to a registry that can not delete' {
        $hub = Open-TestRegistry '--dialect dockerhub'
        { Sync-OciImage $hub -Source $source/team/app -Latest 2 -Prune -Force } | Should -Throw -ErrorId 'OciDeleteUnsupported*'
        { Get-OciTag $hub/app -ErrorAction Stop } | Should -Throw -ErrorId 'OciRepositoryUnknown*'
    }

    It 'takes no rows for the whole choice, and does what rows of a plan say of pruning' {
        $plan = @(Compare-OciImage $place -Source $source/team/app -Latest 2 -Prune)
        @($plan.Status | Sort-Object) | Should -Be @('WouldCopy', 'WouldCopy', 'WouldPrune', 'WouldPrune')
        { $plan | Sync-OciImage -Prune -Force } | Should -Throw -ErrorId 'OciChoiceInvalid*'
        { $plan | Sync-OciImage } | Should -Throw -ErrorId 'OciConfirmationRequired*'
        @(Get-OciTag $place/app).Count | Should -Be 2
        @(($plan | Compare-OciImage).Status | Sort-Object) | Should -Be @('WouldCopy', 'WouldCopy', 'WouldPrune', 'WouldPrune')
        $plan | Export-Csv plan.csv
        $rows = @(Import-Csv plan.csv | Sync-OciImage -Force)
        @($rows.Status | Sort-Object) | Should -Be @('Copied', 'Copied', 'Pruned', 'Pruned')
        @(Get-OciTag $place/app).Tag | Should -Be @('3.0', '4.0')
        @(($rows | Sync-OciImage).Status | Sort-Object) | Should -Be @('Skipped', 'Skipped', 'UpToDate', 'UpToDate')
    }

    It 'is asked for in a file, for a repository' {
        $null = & dotnet $RegistryProgram seed $place --repository other --tags '0.1' --seed 60
        $null = & dotnet $RegistryProgram seed $source --repository team/other --tags '1.0' --seed 61
        Set-Content -LiteralPath mirror.yaml -Value 'ocisync: 1', 'images:', "  $source/team/app: { latest: 2, prune: true }", "  $source/team/other: { latest: 1 }"
        { Sync-OciImage -ConfigPath mirror.yaml $place } | Should -Throw -ErrorId 'OciConfirmationRequired*'
        $rows = @(Sync-OciImage -ConfigPath mirror.yaml $place -Force)
        @($rows | Where-Object Status -eq 'Pruned').Count | Should -Be 2
        @(Get-OciTag $place/other).Tag | Should -Be @('0.1', '1.0')
        (Import-OciSyncConfig mirror.yaml).Prune | Should -Be @($true, $null)
    }
}
