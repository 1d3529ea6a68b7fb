Describe 'Sync files on Windows' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Place.ps1') -Name files
        $text = "${open}:`n  images:`n    pause: ['3.9', '3.10']`n"
    }

    AfterAll { Close-Place }

    It 'are read as <Kind>' -ForEach @(
        @{ Kind = 'UTF-8 with LF'; Encoding = 'utf8NoBOM'; End = "`n" }
        @{ Kind = 'UTF-8 with a mark and CRLF'; Encoding = 'utf8BOM'; End = "`r`n" }
        @{ Kind = 'UTF-16 and CRLF'; Encoding = 'unicode'; End = "`r`n" }
    ) {
        Set-Content -Path "$work\sync.yaml" -Value $text.Replace("`n", $End) -Encoding $Encoding -NoNewline
        $rows = Sync-OciImage -ConfigPath "$work\sync.yaml" -Destination "$other/$Encoding".ToLowerInvariant()
        $rows.Status | Should -Be 'Copied', 'Copied'
    }

    It 'are found at <_>' -ForEach 'sync.yaml', '.\sync.yaml', 'ROOTED\sync.yaml', 'Cfg:\sync.yaml', '*.yaml' {
        Set-Content -Path "$work\sync.yaml" -Value $text
        $null = New-PSDrive -Name Cfg -PSProvider FileSystem -Root $work
        try {
            @(Import-OciSyncConfig $_.Replace('ROOTED', $work.Substring(2))).Count | Should -Be 1
            (Test-OciSyncConfig $_.Replace('ROOTED', $work.Substring(2))) | Should -BeNullOrEmpty
        }
        finally { Remove-PSDrive Cfg }
    }

    It 'are written, also over one that is there' {
        Get-OciTag $open/pause | Export-OciSyncConfig "$work\out.yaml"
        Get-OciTag $open/pause -Latest 1 | Export-OciSyncConfig "$work\out.yaml" -Force
        @((Import-OciSyncConfig "$work\out.yaml").Tag).Count | Should -Be 1
    }

    It 'that are open elsewhere are named when they can not be written' {
        Set-Content -Path "$work\held.yaml" -Value 'x'
        $held = [System.IO.File]::Open("$work\held.yaml", 'Open', 'Read', 'None')
        try {
            Get-OciTag $open/pause | Export-OciSyncConfig "$work\held.yaml" -Force -ErrorAction SilentlyContinue -ErrorVariable failure
            "$failure" | Should -Match 'held\.yaml'
        }
        finally { $held.Dispose() }
    }

    It 'name folders with drives as destinations' {
        Set-Content -Path "$work\own.yaml" -Value "ocisync: 1`ndestinations: ['oci:$work\from-file']`nimages:`n  $open/pause: ['3.9']`n"
        $rows = Sync-OciImage -ConfigPath "$work\own.yaml"
        $rows.Destination | Should -Be "oci:$work\from-file:pause:3.9"
    }
}
