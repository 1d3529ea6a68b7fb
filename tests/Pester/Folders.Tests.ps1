Describe 'Folders of images' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $here = Join-Path $RegistryFolder 'work'
        $null = New-Item -ItemType Directory -Path $here
        Push-Location $here
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'are carried from registry to registry, and a second run moves nothing' {
        $rows = Get-OciTag $a/library/alpine -Include '3.23.3', '3.23.4' | Sync-OciImage oci:carry -Naming Path
        $rows.Status | Should -Be @('Copied', 'Copied')
        @($rows.Destination | Sort-Object) | Should -Be @("oci:$here/carry:library/alpine:3.23.3", "oci:$here/carry:library/alpine:3.23.4")

        $back = Sync-OciImage -Source oci:carry -Destination $b/air -Naming Path
        $back.Status | Should -Be @('Copied', 'Copied')
        (Get-OciDigest "$b/air/library/alpine:3.23.4").Digest | Should -Be (Get-OciDigest "$a/library/alpine:3.23.4").Digest
        (Sync-OciImage -Source oci:carry -Destination $b/air -Naming Path).Status | Should -Be @('UpToDate', 'UpToDate')
    }

    It 'are below the current folder of PowerShell' {
        $row = Copy-OciImage $a/pause:3.10 oci:relative:pause:3.10
        $row.Destination | Should -Be "oci:$here/relative:pause:3.10"
        Test-Path (Join-Path $here 'relative/index.json') | Should -BeTrue
        (Copy-OciImage oci:./relative:pause:3.10 "dir:$here/as-dir").Status | Should -Be 'Copied'
        (Get-OciDigest dir:as-dir).Digest | Should -Be (Get-OciDigest $a/pause:3.10).Digest
    }

    It 'are read by every cmdlet that reads images' {
        $null = Copy-OciImage $a/pause:3.9 oci:read:k8s/pause:3.9
        $null = Copy-OciImage $a/pause:3.10 oci:read:k8s/pause:3.10
        $tags = @(Get-OciTag oci:read)
        $tags.Tag | Should -Be @('3.9', '3.10')
        $tags[0].Repository | Should -Be 'k8s/pause'
        $tags.Reference | Should -Be @("oci:$here/read:k8s/pause:3.9", "oci:$here/read:k8s/pause:3.10")
        (Get-OciTag oci:read -Latest 1).Tag | Should -Be '3.10'
        ($tags | Sync-OciImage $b/read).Status | Should -Be @('Copied', 'Copied')
        $info = Get-OciImageInfo oci:read:k8s/pause:3.10
        $info.Name | Should -Be 'k8s/pause'
        $info.Tag | Should -Be '3.10'
        (Get-OciImageInfo $tags[0].Reference).Tag | Should -Be $tags[0].Tag
        $info.Digest | Should -Be (Get-OciDigest $a/pause:3.10).Digest
        Get-OciImageInfo oci:read:@1 -Raw | Should -Be (Get-OciImageInfo $a/pause:3.10 -Raw)
        Get-OciImageInfo oci:read:k8s/pause:3.10 -Config | Should -Be (Get-OciImageInfo $a/pause:3.10 -Config)
    }

    It 'get one folder for each image and give them back' {
        $rows = Sync-OciImage -Source $a/pause:3.9, $a/pause:3.10 -Destination dir:usb
        $rows.Status | Should -Be @('Copied', 'Copied')
        @(Get-OciTag dir:usb).Tag | Should -Be @('3.9', '3.10')
        (Sync-OciImage -Source dir:usb -Destination $b/usb).Status | Should -Be @('Copied', 'Copied')
        (Get-OciDigest $b/usb/pause:3.10).Digest | Should -Be (Get-OciDigest $a/pause:3.10).Digest
    }

    It 'stay as they are when it is only asked what would be' {
        $rows = Sync-OciImage -Source $a/pause:3.9 -Destination oci:plan, dir:plan -WhatIf
        $rows.Status | Should -Be @('WouldCopy', 'WouldCopy')
        Test-Path (Join-Path $here 'plan') | Should -BeFalse
    }

    It 'of other transports are refused by name: <_>' -ForEach 'sif:a.sif', 'containers-storage:alpine:3', 'ostree:a@b' {
        foreach ($call in
            { Copy-OciImage $a/pause:3.9 $_ -ErrorAction Stop }, { Copy-OciImage $_ $b/x:1 -ErrorAction Stop }, { Get-OciImageInfo $_ -ErrorAction Stop },
            { Get-OciTag $_ -ErrorAction Stop }, { Sync-OciImage -Source $a/pause:3.9 -Destination $_ -ErrorAction Stop }) {
            $call | Should -Throw -ErrorId 'OciTransportUnsupported*'
        }
    }

    It 'give one error each for what is wrong' {
        $null = Copy-OciImage $a/pause:3.9 oci:spoilt:pause:3.9
        { Copy-OciImage oci:spoilt:nope:1 $b/x:1 -ErrorAction Stop } | Should -Throw -ErrorId 'OciManifestUnknown*'
        { Get-OciTag oci:nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'OciManifestUnknown*'
        { Get-OciTag oci:spoilt -Latest 1 -ErrorAction Stop } | Should -Not -Throw
        { Sync-OciImage -Source oci:spoilt -Destination $b/x -Latest 1 -ErrorAction Stop } | Should -Throw -ErrorId 'OciChoiceInvalid*'
        Set-Content -LiteralPath (Join-Path $here 'spoilt/index.json') -Value '['
        { Get-OciImageInfo oci:spoilt:pause:3.9 -ErrorAction Stop } | Should -Throw -ErrorId 'OciLayoutInvalid*'
        { Sync-OciImage -Source oci:spoilt -Destination $b/x -ErrorAction Stop } | Should -Throw -ErrorId 'OciLayoutInvalid*'
    }

    It 'survive kills' {
        $null = & dotnet $RegistryProgram seed $a --repository big --tags '1,2,3,4,5,6,7,8' --layers 6 --layer-size 3000000
        $null = Copy-OciImage $a/pause:3.9 oci:killed:pause:3.9
        $digest = (Get-OciDigest $a/pause:3.9).Digest
        $module = Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1'
        $script = Join-Path $RegistryFolder 'fill.ps1'
        Set-Content -LiteralPath $script -Value @(
            "Import-Module '$module'"
            "1..8 | ForEach-Object { `"$a/big:`$_`" } | Sync-OciImage 'oci:$here/killed' -ErrorAction SilentlyContinue | Out-Null"
        )
        . (Join-Path $PSScriptRoot '../../tools/build/common.ps1')
        $runner = Get-ScriptRunner
        $options = (@($runner.Arguments) + $script | ForEach-Object { "`"$_`"" }) -join ' '
        $random = [System.Random]::new(5)
        $cut = 0
        foreach ($round in 1..6) {
            $start = [System.Diagnostics.ProcessStartInfo]::new($runner.Command, $options)
            $start.UseShellExecute = $false
            $start.RedirectStandardOutput = $true
            $process = [System.Diagnostics.Process]::Start($start)
            $blobs = Join-Path $here 'killed/blobs/sha256'
            $before = @(Get-ChildItem $blobs).Count
            for ($i = 0; $i -lt 600 -and -not $process.HasExited -and @(Get-ChildItem $blobs).Count -eq $before; $i++) { [System.Threading.Thread]::Sleep(5) }
            [System.Threading.Thread]::Sleep($random.Next(0, 60))
            if (-not $process.HasExited) { $process.Kill(); $cut++ }
            $process.WaitForExit()
            (Get-OciDigest oci:killed:pause:3.9).Digest | Should -Be $digest
            foreach ($file in Get-ChildItem $blobs) { (Get-OciDigest -Path $file.FullName).Digest | Should -Be "sha256:$($file.Name)" }
            foreach ($tag in Get-OciTag oci:killed) { { Get-OciImageInfo $tag.Reference -ErrorAction Stop } | Should -Not -Throw }
        }

        $cut | Should -BeGreaterThan 0
        $rows = 1..8 | ForEach-Object { "$a/big:$_" } | Sync-OciImage oci:killed
        @($rows | Where-Object Status -eq 'Failed') | Should -BeNullOrEmpty
        @(Sync-OciImage -Source oci:killed -Destination $b/killed | Where-Object Status -eq 'Copied').Count | Should -Be 9
    }
}
