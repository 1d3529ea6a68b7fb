# Minimum age, cost and rate as users meet them.

Describe 'What is young' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $registry = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $source --repository team/app --tags '1.0.0,1.1.0,2.0.0'
    }

    AfterAll { Close-TestRegistry }

    BeforeEach {
        $place = "$registry/" + [guid]::NewGuid().ToString('N')
        $state = Join-Path $RegistryFolder ([guid]::NewGuid().ToString('N'))
    }

    It 'is held back, with the time at which it is taken, and taken then' {
        $before = [datetimeoffset]::UtcNow
        $rows = @(Sync-OciImage -Source $source/team/app -Latest 2 -Destination $place/m -MinimumAge 3s -StatePath $state)
        $rows.Status | Should -Be @('Skipped', 'Skipped')
        "$($rows[0].Reason)" | Should -BeLike '*-MinimumAge 3s*'
        $due = $rows[0].DueTime
        $due | Should -BeGreaterThan $before
        $due | Should -BeLessThan ([datetimeoffset]::UtcNow.AddSeconds(4))
        while ([datetimeoffset]::UtcNow -le $due) { [System.Threading.Thread]::Sleep(50) }
        $rows = @(Sync-OciImage -Source $source/team/app -Latest 2 -Destination $place/m -MinimumAge ([timespan]::FromSeconds(3)) -StatePath $state)
        $rows.Status | Should -Be @('Copied', 'Copied')
    }

    It 'is told by plans, which note nothing' {
        foreach ($row in @(Compare-OciImage -Source $source/team/app -Latest 2 -Destination $place/m -MinimumAge 3d -StatePath $state),
            @(Sync-OciImage -Source $source/team/app -Latest 2 -Destination $place/m -MinimumAge 3d -StatePath $state -WhatIf)) {
            $row.Status | Should -Be @('Skipped', 'Skipped')
        }
        Test-Path $state | Should -BeFalse
    }

    It 'is taken when it is urgent: <name>' -ForEach @(@{ Name = '{0}/team/app:2.0.0' }, @{ Name = '{0}/team/app:2.*' }) {
        $rows = @(Sync-OciImage -Source $source/team/app -Latest 2 -Destination $place/m -MinimumAge 3d -StatePath $state -MinimumAgeExempt ($name -f $source))
        ($rows | Where-Object Status -eq 'Copied').Source | Should -Be "$source/team/app:2.0.0"
        ($rows | Where-Object Status -eq 'Skipped').Source | Should -Be "$source/team/app:1.1.0"
    }

    It 'is held back for a sync file and for Copy-OciImage' {
        $file = Join-Path $RegistryFolder 'aged.yaml'
        Set-Content -LiteralPath $file -Value 'ocisync: 1', 'images:', "  ${source}/team/app: {latest: 1, minimumAge: 3d}"
        (Sync-OciImage -ConfigPath $file -Destination $place/m -StatePath $state).Status | Should -Be 'Skipped'
        (Import-OciSyncConfig $file).MinimumAge | Should -Be ([timespan]::FromDays(3))
        (Copy-OciImage $source/team/app:1.0.0 $place/m:1 -MinimumAge 3d -StatePath $state).Status | Should -Be 'Skipped'
    }

    It 'needs a folder that is kept, and an age that is one' {
        { Sync-OciImage -Source $source/team/app -Latest 1 -Destination $place/m -MinimumAge 3d -ErrorAction Stop } | Should -Throw '*-StatePath*'
        { Sync-OciImage -Source $source/team/app -Latest 1 -Destination $place/m -MinimumAge 3 -StatePath $state -ErrorAction Stop } |
            Should -Throw '*no span of time*3d*'
        { Sync-OciImage -Source $source/team/app -Latest 1 -Destination $place/m -MinimumAge 3d -StatePath $state -MinimumAgeExempt 'No Name' -ErrorAction Stop } |
            Should -Throw '*taken at any age*'
    }
}

Describe 'What a plan costs' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $place = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $source --repository team/app --tags '1.0.0,1.1.0,2.0.0' --platforms linux/amd64,linux/arm64
    }

    AfterAll { Close-TestRegistry }

    It 'is said before, by the limit that is given' {
        $cost = Compare-OciImage -Source $source/team/app -AllTags -Destination $place/m -Cost -PullLimit "$source=4/6h"
        $cost.PSObject.TypeNames[0] | Should -Be 'OciSync.Core.Rows.OciPlanCost'
        $cost.Images | Should -Be 3
        $cost.Pulls | Should -Be 9
        $cost.Bytes | Should -BeGreaterThan 0
        "$cost" | Should -Be "9 pulls of $source at 4 in 6 h: 14 h"
        (Sync-OciImage -Source $source/team/app -AllTags -Destination $place/m | Measure-Object BytesCopied -Sum).Sum | Should -Be $cost.Bytes
        (Compare-OciImage -Source $source/team/app -AllTags -Destination $place/m -Cost).Pulls | Should -Be 0
    }

    It 'tells what could not be planned' {
        Compare-OciImage -Source $source/team/none:1 -Destination $place/m -Cost -ErrorVariable failures -ErrorAction SilentlyContinue | Out-Null
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciManifestUnknown,*'
    }

    It 'refuses <parameter> <value>' -ForEach @(
        @{ Parameter = 'PullLimit'; Value = '200/6h' }, @{ Parameter = 'PullLimit'; Value = 'docker.io=200' }
        @{ Parameter = 'MaximumRequestRate'; Value = '10' }, @{ Parameter = 'MaximumRequestRate'; Value = 'docker.io=10/d' }
    ) {
        $more = @{ $parameter = $value }
        { Compare-OciImage -Source $source/team/app:1.0.0 -Destination $place/m @more -ErrorAction Stop } | Should -Throw "*-$parameter*$value*"
    }

    It 'is held below a rate' {
        $time = Measure-Command { $rows = @(Sync-OciImage -Source $source/team/app -AllTags -Destination $place/slow -MaximumRequestRate "$source=20/s", 1000/s) }
        $rows.Status | Should -Be @('Copied', 'Copied', 'Copied')
        $time.TotalSeconds | Should -BeGreaterThan 0.5
    }
}
