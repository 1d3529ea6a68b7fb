Describe 'Transports with paths of Windows' {
    BeforeAll { . (Join-Path $PSScriptRoot 'Place.ps1') -Name transports }
    AfterAll { Close-Place }

    It '<_> takes an image at a path with a drive and gives it back' -ForEach 'oci', 'dir', 'oci-archive', 'docker-archive' {
        $place = if ($_ -like '*archive') { "$work\$_.tar" } else { "$work\$_" }
        $row = Copy-OciImage $small "${_}:$place"
        $row.Status | Should -Be 'Copied'
        $row.Destination | Should -BeLike "${_}:$place*"
        Test-Path -LiteralPath $place | Should -BeTrue
        $back = Copy-OciImage $row.Destination "$other/back-${_}:1"
        $back.Status | Should -Be 'Copied'
        if ($_ -ne 'docker-archive') { $back.Digest | Should -Be $digest }
    }

    It 'a tarball is several files with drives' {
        $null = Copy-OciImage $small "dir:$work\unpacked" -Compression None
        $layers = @(Get-ChildItem "$work\unpacked" -File | Where-Object { $_.Name.Length -eq 64 -and $_.Length % 512 -eq 0 } | Select-Object -First 2)
        $layers.Count | Should -BeGreaterThan 0
        $files = 'first.tar', 'second.tar' | ForEach-Object { Copy-Item $layers[0].FullName "$work\$_" -PassThru }
        (Copy-OciImage "tarball:$($files[0].FullName):$($files[1].FullName)" "$other/tarball:1").Status | Should -Be 'Copied'
    }

    It '<Way> is the same folder' -ForEach @(
        @{ Way = 'a relative path'; Path = 'same' }
        @{ Way = 'a path with .\'; Path = '.\same' }
        @{ Way = 'a path with slashes'; Path = 'WORK/same' }
        @{ Way = 'a path in other letters'; Path = 'LOWER\SAME' }
        @{ Way = 'a path with \ at its end'; Path = 'WORK\same\' }
        @{ Way = 'a path in the form \\?\'; Path = '\\?\WORK\same' }
        @{ Way = 'a path from the root of the drive'; Path = 'ROOTED\same' }
    ) {
        $null = Copy-OciImage $small "oci:$work\same:pause:3.10"
        $slashed = if ($Path -like '*/*') { $work.Replace('\', '/') } else { $work }
        $spelled = $Path.Replace('WORK', $slashed).Replace('LOWER', $work.ToLowerInvariant()).Replace('ROOTED', $work.Substring(2))
        (Get-OciDigest "oci:${spelled}:pause:3.10").Digest | Should -Be $digest
        (Copy-OciImage $small "oci:${spelled}:pause:3.10").Status | Should -Be 'UpToDate'
    }

    It 'a name may have spaces and letters of any script' {
        $place = "$work\two words $([char]0xFC)$([char]0x4E2D)"
        (Copy-OciImage $small "oci:${place}:pause:3.10").Status | Should -Be 'Copied'
        (Copy-OciImage "oci:${place}:pause:3.10" "$other/letters:1").Digest | Should -Be $digest
    }

    It 'a path longer than 260 characters is written and read' {
        $place = Join-Path $work ('long-' * 45)
        (Copy-OciImage $small "oci:${place}:pause:3.10").Status | Should -Be 'Copied'
        (Test-OciImage -Path $place).Status | Should -Be 'Whole'
    }

    It 'a path from the root is on the drive of the current location, for <_>' -ForEach 'oci', 'dir', 'oci-archive', 'docker-archive' {
        $name = "rooted-$_"
        [System.Environment]::CurrentDirectory = if (Test-Path Z:\) { 'Z:\' } else { $env:SystemDrive + '\' }
        $row = Copy-OciImage $small "${_}:$($work.Substring(2))\$name"
        $row.Destination | Should -BeLike "${_}:$work\$name*"
        Test-Path -LiteralPath "$work\$name" | Should -BeTrue
    }

    It 'a drive of the session is where it says, for <Transport> at <Drive>:' -ForEach @(
        foreach ($transport in 'oci', 'dir', 'oci-archive', 'docker-archive') { foreach ($letters in 'M', 'Mirror') { @{ Transport = $transport; Drive = $letters } } }
    ) {
        $null = New-PSDrive -Name $Drive -PSProvider FileSystem -Root $work -Scope Script
        try {
            $row = Copy-OciImage $small "${Transport}:${Drive}:\on-$Drive-$Transport"
            $row.Destination | Should -BeLike "${Transport}:$work\on-$Drive-$Transport*"
            (Copy-OciImage $row.Destination.Replace($work, "${Drive}:") "$other/psdrive-$($Transport):1").Status | Should -BeIn 'Copied', 'UpToDate'
        }
        finally { Remove-PSDrive $Drive }
    }

    It 'a drive that is not there is named, for <_>' -ForEach 'oci:NoDrive:\x:a:1', 'dir:NoDrive:\x', 'docker-archive:NoDrive:\x.tar', 'oci:HKCU:\Software\x:a:1' {
        $row = Copy-OciImage $small $_ -ErrorAction SilentlyContinue
        $row.Status, $row.ErrorId | Should -Be 'Failed', 'OciReferenceInvalid'
        $row.Error | Should -Match "'(NoDrive|HKCU):'"
    }

    It 'a location that is no folder does not change where paths begin' {
        Push-Location HKCU:\
        try {
            (Copy-OciImage $small oci:from-hkcu:pause:3.10).Destination | Should -Be "oci:$work\from-hkcu:pause:3.10"
            (Copy-OciImage $small "oci:$($work.Substring(2))\from-root:pause:3.10").Destination | Should -Be "oci:$work\from-root:pause:3.10"
            (Copy-OciImage $small oci:~\ocisync-home:pause:3.10).Destination | Should -Be "oci:$HOME\ocisync-home:pause:3.10"
            (Test-OciImage -Path from-hkcu).Status | Should -Be 'Whole'
        }
        finally {
            Pop-Location
            Remove-Item "$HOME\ocisync-home" -Recurse -Force -ErrorAction SilentlyContinue
        }
    }

    It '<_> is relative to a drive, and refused' -ForEach 'oci:C:mirror:pause:3.10', 'oci-archive:C:x.tar', 'docker-archive:C:x.tar:a:1' {
        $row = Copy-OciImage $small $_ -ErrorAction SilentlyContinue
        $row.Status, $row.ErrorId | Should -Be 'Failed', 'OciReferenceInvalid'
        Test-Path -LiteralPath "$work\C" | Should -BeFalse
    }

    It '<_> is the name of a device, and refused' -ForEach @(
        'docker-archive:NUL', 'oci-archive:WORK\nul.tar', 'oci:WORK\con:a:1', 'dir:WORK\Aux', 'docker-archive:WORK\COM1\x.tar'
    ) {
        $row = Copy-OciImage $small $_.Replace('WORK', $work) -ErrorAction SilentlyContinue
        $row.Status, $row.ErrorId | Should -Be 'Failed', 'OciStorageFailed'
        $row.Error | Should -Match 'the name of a device'
    }

    It 'tags that differ in case alone are not put into one folder, also not by two runs' {
        $null = Copy-OciImage "$open/pause:3.9" "$other/cased:V1"
        $null = Copy-OciImage "$open/pause:3.10" "$other/cased:v1"
        $first = "$other/cased:V1" | Sync-OciImage "dir:$work\cased"
        $second = "$other/cased:v1" | Sync-OciImage "dir:$work\cased" -ErrorAction SilentlyContinue
        $first.Status | Should -Be 'Copied'
        $second.Status, $second.ErrorId | Should -Be 'Failed', 'OciNameCollision'
        $second.Error | Should -Not -Match '-Naming'
        (Get-OciDigest $first.Destination).Digest | Should -Be $first.Digest
        ("$other/cased:V1" | Sync-OciImage "dir:$work\cased").Status | Should -Be 'UpToDate'
        ("$other/cased:v1" | Sync-OciImage "oci:$work\cased-layout").Status | Should -Be 'Copied'
    }

    It 'tags that differ in case alone are both refused in one run, with what helps' {
        $null = Copy-OciImage "$open/pause:3.9" "$other/twice:A"
        $null = Copy-OciImage "$open/pause:3.9" "$other/twice:a"
        $rows = "$other/twice:A", "$other/twice:a" | Sync-OciImage "dir:$work\twice" -ErrorAction SilentlyContinue
        $rows.ErrorId | Should -Be 'OciNameCollision', 'OciNameCollision'
        $rows.Error | Should -Match 'oci:'
        $rows.Error | Should -Not -Match '-Naming'
    }

    It 'a file that is open elsewhere does not keep the others from being deleted' {
        $null = Copy-OciImage $small "oci:$work\removed:a:1"
        $blob = (Get-OciImageInfo "oci:$work\removed:a:1").Layers[0] -replace '^sha256:'
        $held = [System.IO.File]::Open("$work\removed\blobs\sha256\$blob", 'Open', 'Read', 'None')
        try { $removed = Remove-OciImage "oci:$work\removed:a:1" -Force -WarningVariable warning -WarningAction SilentlyContinue }
        finally { $held.Dispose() }
        "$warning" | Should -Match '1 of its files could not be deleted'
        "$warning" | Should -Match $blob
        $removed.BytesFreed | Should -BeGreaterThan 0
        @(Get-ChildItem "$work\removed\blobs\sha256").Name | Should -Be $blob
    }

    It 'a Docker engine that does not run is told at once' -Skip:(Test-Path \\.\pipe\docker_engine) {
        # By this message: a pipe that is waited for says that time is up.
        $row = Copy-OciImage $small docker-daemon:a:1 -MaximumRetryCount 0 -ErrorAction SilentlyContinue
        $row.ErrorId | Should -Be 'OciConnectionFailed'
        $row.Error | Should -Match 'there is no pipe .*Is it running'
    }

    It 'repositories and tags with names of devices come back under their names' {
        foreach ($name in 'con:NUL', 'aux/x:1.0.', 'lpt9:a..') { $null = Copy-OciImage $small "$other/devices/$name" }
        $rows = "$other/devices/con:NUL", "$other/devices/aux/x:1.0.", "$other/devices/lpt9:a.." | Sync-OciImage "dir:$work\devices" -Naming Path
        $rows.Status | Should -Be 'Copied', 'Copied', 'Copied'
        $back = Sync-OciImage -Source "dir:$work\devices" -Destination "$other/again" -Naming Path
        $back.Destination | Sort-Object | Should -Be (@("$other/again/devices/con:NUL", "$other/again/devices/aux/x:1.0.", "$other/again/devices/lpt9:a..") | Sort-Object)
    }
}
