Describe 'Paths of PowerShell' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        Initialize-TestRegistry $a
        $here = (New-Item -ItemType Directory -Path (Join-Path $RegistryFolder 'paths')).FullName
        $digest = (Get-OciDigest $a/pause:3.10).Digest
        $null = New-PSDrive -Name Mirror -PSProvider FileSystem -Root $here -Scope Global
        Push-Location $here
    }

    AfterAll {
        Pop-Location
        Remove-PSDrive Mirror -Scope Global
        Close-TestRegistry
    }

    It 'may begin with a drive of the session, for <_>' -ForEach 'oci', 'dir', 'oci-archive', 'docker-archive' {
        $row = Copy-OciImage $a/pause:3.10 "${_}:Mirror:/on-$_"
        $row.Status | Should -Be 'Copied'
        $row.Destination | Should -BeLike "${_}:$here/on-$_*"
        Test-Path -LiteralPath "$here/on-$_" | Should -BeTrue
        (Get-OciDigest $row.Destination.Replace($here, 'Mirror:')).Digest | Should -Be $row.Digest
    }

    It 'may begin with a drive of the session, where several are written one after the other' {
        $null = Copy-OciImage $a/pause:3.10 dir:Mirror:/parts
        $part = Get-ChildItem "$here/parts" -File | Where-Object { $_.Name.Length -eq 64 } | Sort-Object Length | Select-Object -Last 1
        Copy-Item $part.FullName "$here/one.tar"
        Copy-Item $part.FullName "$here/two.tar"
        (Get-OciImageInfo tarball:Mirror:/one.tar:Mirror:/two.tar).Layers.Count | Should -Be 2
    }

    It 'on a drive that is not there are told' {
        $row = Copy-OciImage $a/pause:3.10 oci:Nowhere:\x:a:1 -ErrorAction SilentlyContinue
        $row.Status, $row.ErrorId | Should -Be 'Failed', 'OciReferenceInvalid'
        $row.Error | Should -Match "there is no drive 'Nowhere:'"
        { Copy-OciImage $a/pause:3.10 oci:x:a:1 -ReportPath Nowhere:\x.json -ErrorAction Stop } | Should -Throw '*Nowhere*'
    }

    It 'begin at the current folder while the location is elsewhere' {
        Push-Location Env:
        try {
            (Copy-OciImage $a/pause:3.10 oci:elsewhere:pause:3.10 -ReportPath report.jsonl).Destination | Should -Be "oci:$here/elsewhere:pause:3.10"
            Test-Path -LiteralPath "$here/report.jsonl" | Should -BeTrue
            (Test-OciImage -Path elsewhere).Status | Should -Be 'Whole'
            (Test-OciImage -Path else*).Status | Should -Be 'Whole'
            Get-OciTag $a/pause -Latest 1 | Export-OciSyncConfig sync.yaml
            @(Import-OciSyncConfig sync.yaml).Count | Should -Be 1
            (Sync-OciImage -ConfigPath *.yaml -Destination oci:from-file -Baseline elsewhere).Status | Should -Be 'Copied'
            (Get-OciDigest "oci:$here/elsewhere:pause:3.10").Digest | Should -Be $digest
        }
        finally { Pop-Location }
    }

    It 'that are no files are told' {
        $null = Test-OciImage -Path Env:PATH -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.FullyQualifiedErrorId | Should -BeLike 'OciFileNotFound*'
    }
}
