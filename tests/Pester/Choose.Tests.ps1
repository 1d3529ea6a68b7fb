Describe 'Choosing tags' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'takes the latest versions, not what only looks newer' {
        (Get-OciTag $a/library/alpine -Latest 3).Tag | Should -Be @('3.23.2', '3.23.3', '3.23.4')
        (Get-OciTag $a/library/alpine -VersionRange '>=3.23 <3.23.4' -Latest 2).Tag | Should -Be @('3.23.2', '3.23.3')
        (Get-OciTag $a/library/alpine -Latest 1 -Per Minor -VersionRange '>=3.22').Tag | Should -Be @('3.22.4', '3.23.4')
    }

    It 'explains what it leaves out' {
        $tags = Get-OciTag $a/library/alpine -Latest 1 -Explain
        @($tags | Where-Object { -not $_.DropReason }).Tag | Should -Be '3.23.4'
        @($tags | Where-Object Tag -eq '3.23.3').DropReason | Should -BeLike '*older*'
        @($tags).Count | Should -Be @(Get-OciTag $a/library/alpine).Count
    }

    It 'asks the registry a tag came from' {
        (Get-OciTag $a/pause -Include '3.9' | Get-OciTag -Latest 1).Reference | Should -BeLike "$a/pause:*"
        (Get-OciTag pause -Registry $a -Include '3.9').Reference | Should -Be "$a/pause:3.9"
    }

    It 'refuses a number for <name>' -ForEach @(
        @{ Name = 'Include'; Command = { Get-OciTag $a/pause -Include 3.10, 3.9 } }
        @{ Name = 'VersionRange'; Command = { Get-OciTag $a/pause -VersionRange 3.10 } }
        @{ Name = 'AdditionalTag'; Command = { Sync-OciImage -Source $a/pause:3.9 -Destination $b/x -AdditionalTag 3.10 } }
    ) {
        $command | Should -Throw "*'3.10'*"
    }

    It 'says what is wrong with <name>' -ForEach @(
        @{ Name = 'a wildcard'; Command = { Get-OciTag $a/pause -Include '[' } }
        @{ Name = 'a regular expression'; Command = { Get-OciTag $a/pause -ExcludeRegex '(' } }
        @{ Name = 'a range'; Command = { Sync-OciImage -Source $a/pause -Destination $b/x -VersionRange '>=' } }
    ) {
        $command | Should -Throw -ErrorId 'OciChoiceInvalid*'
    }

    It 'knows when images were made' {
        (Get-OciTag $a/pause -Latest 1 -Since 2000-01-01).Created | Should -Not -BeNullOrEmpty
        Get-OciTag $a/pause -Before 1990-01-01 | Should -BeNullOrEmpty
    }

    It 'copies the choice of whole repositories' {
        $rows = Sync-OciImage -Source $a/pause, $a/library/alpine -Destination $b/chosen -Latest 2
        @($rows | Sort-Object Source).Destination | Should -Be @(
            "$b/chosen/alpine:3.23.3", "$b/chosen/alpine:3.23.4", "$b/chosen/pause:3.10", "$b/chosen/pause:3.9")
        @($rows | Where-Object Status -ne 'Copied').Count | Should -Be 0
        @($a + '/pause' | Sync-OciImage -Destination $b/chosen -Latest 2).Status | Should -Be @('UpToDate', 'UpToDate')
    }

    It 'copies every tag when told so, and no repository that is only named' {
        $count = @(Get-OciTag $a/pause).Count
        @(Sync-OciImage -Source $a/pause -Destination $b/all -AllTags).Count | Should -Be $count
        { Sync-OciImage -Source $a/pause -Destination $b/none -ErrorAction Stop } | Should -Throw -ErrorId 'OciTagRequired*'
    }

    It 'goes on when a repository is not there' {
        $failures = @()
        $rows = Sync-OciImage -Source $a/nothing, $a/pause -Destination $b/rest -Latest 1 -ErrorVariable failures -ErrorAction SilentlyContinue
        @($rows | Where-Object Status -eq 'Copied').Source | Should -Be "$a/pause:3.10"
        @($rows | Where-Object Status -eq 'Failed').Source | Should -Be "$a/nothing"
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciRepositoryUnknown,*'
        $failures[0].TargetObject | Should -Be "$a/nothing"
    }

    It 'gives names of its kinds that survive JSON' {
        $tag = Get-OciTag $a/pause -Include '3.9' | ConvertTo-Json | ConvertFrom-Json
        $tag.Scheme | Should -Be 'Version'
        $tag.Kind | Should -Be 'Image'
    }
}

Describe 'Repositories of a registry' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $locked = Open-TestRegistry '--token --user alice:s3cret --reader bob:s3cret'
        foreach ($name in 'team/one', 'team/my.two', 'my.team/three', 'other') {
            $null = & dotnet $RegistryProgram seed $a --repository $name --tags '1.0.0,1.1.0,latest'
        }
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'come as objects, by namespace and wildcard' {
        (Get-OciRepository $a -Include $null -Exclude $null).Repository | Should -Be @('my.team/three', 'other', 'team/my.two', 'team/one')
        (Get-OciRepository $a/team).Reference | Should -Be @("$a/team/my.two", "$a/team/one")
        (Get-OciRepository $a -Include 'team/*', 'o*' -Exclude '*two').Repository | Should -Be @('other', 'team/one')
    }

    It 'are taken by Get-OciTag, also with a first part that looks like a host' {
        $tags = @(Get-OciRepository $a -Exclude 'other' | Get-OciTag -Latest 1)
        $tags.Reference | Should -Be @("$a/my.team/three:1.1.0", "$a/team/my.two:1.1.0", "$a/team/one:1.1.0")
    }

    It 'need a right' {
        $failures = @()
        $null = Get-OciRepository $locked -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciUnauthorized,*'
        $credential = [pscredential]::new('bob', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
        $null = Get-OciRepository $locked -Credential $credential -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciCatalogueRefused,*'
        $failures[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        "$($failures[0])" | Should -BeLike '*registry:catalog:[*]*'
        $credential = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
        { Get-OciRepository $locked -Credential $credential -ErrorAction Stop } | Should -Not -Throw
    }

    It 'of what is no registry are an error' {
        { Get-OciRepository 'https://x.test' -ErrorAction Stop } | Should -Throw -ErrorId 'OciReferenceInvalid,*'
    }
}
