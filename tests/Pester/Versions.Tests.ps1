# The version of a tag is compared as one wherever it has been in between.

Describe 'The version of a tag' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $module = (Get-Module OciSync).Path -replace 'bin/.*$', 'OciSync.psd1'
        $null = & dotnet $RegistryProgram seed $a --repository app --tags '1.0.0,1.1.0,1.1.1,1.2.0,1.10.0' --seed 10
        $tags = @(Get-OciTag $a/app)
        $order = '1.0.0', '1.1.0', '1.1.1', '1.2.0', '1.10.0'
        $new = '1.2.0', '1.10.0'
        $file = Join-Path $TestDrive 'tags'
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'comes back from Clixml' {
        $tags | Export-Clixml -Path $file
        $back = @(Import-Clixml -Path $file)
        $back[0].Version.GetType().FullName | Should -Be 'OciSync.Core.Versions.TagVersion'
        ($back | Where-Object Version -ge '1.2').Tag | Should -Be $new
        ($back | Sort-Object Version).Tag | Should -Be $order
        $back[4].Version.Minor | Should -Be 10
    }

    It 'comes back from a job, also where other objects hold it' {
        $back = @(Start-Job -ScriptBlock { Import-Module $using:module; Get-OciTag "$using:a/app" } | Receive-Job -Wait -AutoRemoveJob)
        ($back | Sort-Object Version).Tag | Should -Be $order
        ($back | Where-Object Version -lt '1.2').Tag | Should -Be $order[0..2]
        $version = Start-Job -ScriptBlock { Import-Module $using:module; (Get-OciTag "$using:a/app")[4].Version } | Receive-Job -Wait -AutoRemoveJob
        $version -gt '1.9' | Should -BeTrue
    }

    It 'comes back at the depth of remote sessions' {
        $serialized = [System.Management.Automation.PSSerializer]::Serialize($tags[4], 1)
        [System.Management.Automation.PSSerializer]::Deserialize($serialized).Version -gt '1.9' | Should -BeTrue
    }

    It 'is one of CSV and of JSON by a cast' {
        $tags | Export-Csv -Path $file -NoTypeInformation
        (Import-Csv -Path $file | Where-Object { [OciVersion]$_.Version -ge '1.2' }).Tag | Should -Be $new
        (Import-Csv -Path $file | Sort-Object { [OciVersion]$_.Version }).Tag | Should -Be $order
        $back = $tags | ConvertTo-Json | ConvertFrom-Json
        ($back | Where-Object { [OciVersion]$_.Version -ge '1.2' }).Tag | Should -Be $new
        ($back | Sort-Object { [OciVersion]$_.Tag }).Tag | Should -Be $order
        $back[4].Version.Text | Should -Be '1.10.0'
    }

    It 'is cast from text and numbers, and from nothing that only looks like it' {
        [OciVersion]'1.10' -gt '1.9' | Should -BeTrue
        [OciVersion]3 -lt '3.1' | Should -BeTrue
        { [OciVersion]3.1 } | Should -Throw "*'3.10'*"
        { [OciVersion][pscustomobject]@{ Name = '1.2' } } | Should -Throw
    }

    It 'has its short name in other runspaces, and as long as one of them has the module' {
        $shell = [powershell]::Create()
        try {
            $shell.AddScript("Import-Module '$module'; [OciVersion]'1.10' -gt '1.9'; Remove-Module OciSync").Invoke() | Should -BeTrue
        } finally {
            $shell.Dispose()
        }

        & ([scriptblock]::Create("[OciVersion]'1.10' -gt '1.9'")) | Should -BeTrue
    }

    It 'without quotes is told of once, not once for each tag: <Code>' -ForEach @(
        @{ Code = 'Get-OciTag $a/app | Where-Object Version -ge 3.10' }
        @{ Code = 'Get-OciTag $a/app | ? version -lt 3.10' }
        @{ Code = 'Get-OciTag $a/app | Select-Object * | Where-Object { $_.IsRolling -or $_.Version -gt 1.10 } | Sort-Object Version' }
    ) {
        $Error.Clear()
        $found = try { & ([scriptblock]::Create($Code)) } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }
        $found[0] | Should -BeLike 'OciChoiceInvalid,*'
        $found[1] | Should -BeLike "*which PowerShell reads as the number *. Put versions in quotes: '*'.*"
        $Error.Count | Should -Be 1
    }

    It 'is taken in quotes, as a whole number and where a number is unmistakable' {
        (Get-OciTag $a/app | Where-Object Version -ge '1.10').Tag | Should -Be '1.10.0'
        (Get-OciTag $a/app | Where-Object Version -ge 1).Count | Should -Be 5
        (Get-OciTag $a/app | Where-Object Version -lt 1.25).Count | Should -Be 5
        (Get-OciTag $a/app | Where-Object { $_.Tag.Length -gt 1.5 }).Count | Should -Be 5
    }
}
