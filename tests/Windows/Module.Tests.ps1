Describe 'The module on Windows' {
    BeforeAll { . (Join-Path $PSScriptRoot 'Place.ps1') -Name module }
    AfterAll { Close-Place }

    It 'is imported with its commands and help' {
        [System.Environment]::OSVersion.Platform | Should -Be 'Win32NT'
        $commands = @(Get-Command -Module OciSync)
        $commands.Count | Should -Be (Get-Module OciSync).ExportedCommands.Count
        $commands.Name | Should -Contain 'Sync-OciImage'
        (Get-Help Copy-OciImage).Synopsis | Should -Not -BeNullOrEmpty
    }

    It 'lists tags in order and inspects' {
        $tags = @(Get-OciTag $open/pause)
        $tags.Count | Should -BeGreaterThan 2
        $tags.Tag.IndexOf('3.9') | Should -BeLessThan $tags.Tag.IndexOf('3.10')
        (Get-OciImageInfo $small).Digest | Should -Be $digest
    }

    It 'copies between registries, and a second time finds all in place' {
        $row = Copy-OciImage $small "$other/copied:1"
        $row.Status, $row.Digest | Should -Be 'Copied', $digest
        (Copy-OciImage $small "$other/copied:1").Status | Should -Be 'UpToDate'
    }

    It 'tells of a registry that is not there' {
        $row = Copy-OciImage $small 127.0.0.1:1/x:1 -MaximumRetryCount 0 -ErrorAction SilentlyContinue
        $row.Status, $row.ErrorId | Should -Be 'Failed', 'OciConnectionFailed'
    }

    It 'converts layers there and back' {
        (Copy-OciImage $small "$other/zstd:1" -Compression Zstd -WarningAction SilentlyContinue).Status | Should -Be 'Copied'
        (Copy-OciImage "$other/zstd:1" "$other/plain:1" -Compression None -WarningAction SilentlyContinue).Status | Should -Be 'Copied'
    }
}
