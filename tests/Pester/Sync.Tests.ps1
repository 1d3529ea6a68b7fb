Describe 'Mirroring from a pipeline' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'takes the newest versions, not the dates' {
        $rows = Get-OciTag $a/library/alpine | Where-Object Version -ge '3.17' | Select-Object -Last 3 | Sync-OciImage $b/mirror
        @($rows | Sort-Object Source).Destination | Should -Be @("$b/mirror/alpine:3.23.2", "$b/mirror/alpine:3.23.3", "$b/mirror/alpine:3.23.4")
        $rows.Status | Should -Be @('Copied', 'Copied', 'Copied')
        foreach ($row in $rows) {
            (Get-OciDigest $row.Destination).Digest | Should -Be (Get-OciDigest $row.Source).Digest
        }
    }

    It 'finds everything in place the second time' {
        $rows = Get-OciTag $a/library/alpine | Where-Object Version -ge '3.17' | Select-Object -Last 3 | Sync-OciImage $b/mirror
        $rows.Status | Should -Be @('UpToDate', 'UpToDate', 'UpToDate')
    }

    It 'filters tags by wildcards' {
        (Get-OciTag $a/library/alpine -Include '3.23.*' -Exclude '*.4').Tag | Should -Be @('3.23.0', '3.23.2', '3.23.3')
    }

    It 'refuses a number where a zero may be lost' {
        $failures = @()
        Get-OciTag $a/pause | Where-Object Version -ge 3.1 -ErrorVariable failures -ErrorAction SilentlyContinue
        "$($failures[0])" | Should -BeLike "*'3.10'*"
    }

    It 'takes a limit of bandwidth as a number or as text' {
        foreach ($limit in 50MB, '50MB', '52428800') {
            ("$a/pause:3.9" | Sync-OciImage $b/limit -BandwidthLimit $limit).Error | Should -BeNullOrEmpty
        }
        { "$a/pause:3.9" | Sync-OciImage $b/limit -BandwidthLimit 1KB } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'plans without writing' {
        $rows = "$a/pause:3.9" | Sync-OciImage $b/plan -WhatIf
        $rows.Status | Should -Be 'WouldCopy'
        { Get-OciDigest $b/plan/pause:3.9 -ErrorAction Stop } | Should -Throw -ErrorId 'OciManifestUnknown*'
    }

    It 'reports each row as a line of JSON that can be piped in again' {
        $report = Join-Path $TestDrive 'report.jsonl'
        $null = "$a/pause:3.9", "$a/pause:nope" | Sync-OciImage $b/report -ReportPath $report -ErrorAction SilentlyContinue
        $lines = @(Get-Content $report | ForEach-Object { $_ | ConvertFrom-Json })
        @($lines.Status | Sort-Object) | Should -Be @('Copied', 'Failed')
        @($lines | Where-Object Status -eq 'Failed').ErrorId | Should -Be 'OciManifestUnknown'
        ($lines | Where-Object Status -eq 'Copied' | Sync-OciImage).Status | Should -Be 'UpToDate'
        { "$a/pause:3.9" | Sync-OciImage $b/report -ReportPath (Join-Path $TestDrive 'no/such/folder.jsonl') } |
            Should -Throw -ErrorId 'OciReportUnwritable*'
    }

    It 'writes the summary of a job' {
        $before = $env:GITHUB_ACTIONS, $env:GITHUB_STEP_SUMMARY
        try {
            $env:GITHUB_ACTIONS = 'true'
            $env:GITHUB_STEP_SUMMARY = Join-Path $TestDrive 'summary.md'
            $null = "$a/pause:3.9", "$a/pause:nope" | Sync-OciImage $b/summary -ErrorAction SilentlyContinue
            $text = Get-Content -Raw $env:GITHUB_STEP_SUMMARY
        } finally {
            $env:GITHUB_ACTIONS, $env:GITHUB_STEP_SUMMARY = $before
        }
        $text | Should -BeLike '*1 Copied, 1 Failed*'
        $text | Should -BeLike "*| Failed | $a/pause:nope | $b/summary/pause:nope |*"
    }

    It 'tells a file that is not there from one that is not readable' {
        $failures = @()
        Get-OciDigest -Path (Join-Path $TestDrive 'nothing.json') -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciFileNotFound,*'
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'gives names by a script block' {
        $rows = Get-OciTag $a/pause -Include '3.9' | Sync-OciImage -Destination { "$b/named/$($_.Repository)-x" }
        $rows.Destination | Should -Be "$b/named/pause-x:3.9"
        $rows.Status | Should -Be 'Copied'
    }

    It 'refuses a script block in a list' {
        { "$a/pause:3.9" | Sync-OciImage -Destination { 'x' }, $b } | Should -Throw '*stand alone*'
    }

    It 'names images by <naming>' -ForEach @(
        @{ Naming = 'Leaf'; Expected = 'alpine:3.23.4' }
        @{ Naming = 'Path'; Expected = 'library/alpine:3.23.4' }
        @{ Naming = 'Flat'; Expected = 'library-alpine:3.23.4' }
    ) {
        ("$a/library/alpine:3.23.4" | Sync-OciImage $b/$($naming.ToLower()) -Naming $naming).Destination | Should -Be "$b/$($naming.ToLower())/$expected"
    }

    It 'copies one image to exactly one name' {
        (Copy-OciImage $a/pause:3.9 $b/exact/name:v1 -Platform linux/arm64 -WarningAction SilentlyContinue).Status | Should -Be 'Copied'
        (Get-OciImageInfo $b/exact/name:v1).Platforms | Should -Be 'linux/arm64'
    }

    It 'tells what an image is' {
        $info = Get-OciImageInfo $a/library/alpine:3.23.4 -Platform linux/amd64
        $info.Digest | Should -Be (Get-OciDigest $a/library/alpine:3.23.4).Digest
        $info.Platforms | Should -Contain 'linux/amd64'
        $info.Architecture | Should -Be 'amd64'
        $raw = Get-OciImageInfo $a/library/alpine:3.23.4 -Raw
        $file = Join-Path $TestDrive 'manifest.json'
        [System.IO.File]::WriteAllText($file, $raw)
        (Get-OciDigest -Path $file).Digest | Should -Be $info.Digest
    }

    It 'meets a registry once, however many are asked for' {
        $told = @("$a/pause:3.8", "$a/pause:3.9", "$a/pause:3.10" | Get-OciDigest -Verbose 4>&1 | Where-Object { "$_" -like '*is a loopback host that speaks http*' })
        $told.Count | Should -Be 1
    }

    It 'stops at the first row that was asked for' {
        $rows = Get-OciTag $a/library/alpine | Sync-OciImage $b/first | Select-Object -First 1
        @($rows).Count | Should -Be 1
    }

    It 'binds rows again that went through <how>' -ForEach @(@{ How = 'JSON' }, @{ How = 'Clixml' }) {
        $rows = "$a/pause:3.8" | Sync-OciImage $b/again
        $copies = if ($how -eq 'JSON') {
            $rows | ConvertTo-Json | ConvertFrom-Json
        } else {
            $file = Join-Path $TestDrive 'rows.xml'
            $rows | Export-Clixml -Path $file
            Import-Clixml -Path $file
        }
        ($copies | Sync-OciImage).Status | Should -Be 'UpToDate'
    }

    It 'remembers names for completion' {
        $null = Get-OciTag $a/pause
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput("Get-OciTag $a/pau", "Get-OciTag $a/pau".Length, $null).CompletionMatches
        $found.CompletionText | Should -Contain "$a/pause"
    }
}

Describe 'Failures' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        $locked = Open-TestRegistry '--user alice:s3cret --token'
        $secure = Open-TestRegistry '--tls'
        Initialize-TestRegistry $a
        $bad = @(
            @{ Source = "$a/pause:nope"; Id = 'OciManifestUnknown'; Category = 'ObjectNotFound' }
            @{ Source = '127.0.0.1:1/x:1'; Id = 'OciConnectionFailed'; Category = 'ConnectionError' }
            @{ Source = "$locked/x:1"; Id = 'OciUnauthorized'; Category = 'AuthenticationError' }
            @{ Source = 'Not/A/Reference:1'; Id = 'OciReferenceInvalid'; Category = 'InvalidArgument' }
            @{ Source = "$secure/x:1"; Id = 'OciCertificateUntrusted'; Category = 'ConnectionError' }
            @{ Source = "$a/pause"; Id = 'OciTagRequired'; Category = 'InvalidArgument' }
        )
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'are one row and one error each, and the others are copied' {
        $failures = @()
        $rows = @($bad.Source) + "$a/pause:3.9" | Sync-OciImage $b/one -ErrorVariable failures -ErrorAction SilentlyContinue
        @($rows | Where-Object Status -eq 'Copied').Source | Should -Be "$a/pause:3.9"
        @($rows | Where-Object Status -eq 'Failed').Count | Should -Be $bad.Count
        foreach ($case in $bad) {
            $failure = @($failures | Where-Object { $_.TargetObject -eq $case.Source })
            $failure.Count | Should -Be 1
            $failure[0].FullyQualifiedErrorId | Should -BeLike "$($case.Id),*"
            $failure[0].CategoryInfo.Category | Should -Be $case.Category
        }
    }

    It 'end a script only after the work' {
        $rows = @()
        $thrown = $null
        try {
            $ErrorActionPreference = 'Stop'
            @($bad.Source) + "$a/pause:3.9" | Sync-OciImage $b/two -OutVariable rows | Out-Null
        } catch {
            $thrown = $_
        }
        $thrown.FullyQualifiedErrorId | Should -BeLike 'Oci*'
        @($rows).Count | Should -Be ($bad.Count + 1)
        @($rows | Where-Object Status -eq 'Copied').Count | Should -Be 1
    }

    It 'of a login say what to do and hide the password' {
        $credential = [pscredential]::new('alice', (ConvertTo-SecureString 'wr0ng-secret' -AsPlainText -Force))
        $failures = @()
        Connect-OciRegistry $locked -Credential $credential -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciUnauthorized,*'
        "$($failures[0])" | Should -Not -BeLike '*wr0ng*'
    }

    It 'are over when the login is right, until it is forgotten' {
        $credential = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
        (Connect-OciRegistry $locked -Credential $credential).Username | Should -Be 'alice'
        ("$a/pause:3.9" | Sync-OciImage $locked/x).Status | Should -Be 'Copied'
        Disconnect-OciRegistry $locked
        { Get-OciDigest $locked/x/pause:3.9 -ErrorAction Stop } | Should -Throw -ErrorId 'OciUnauthorized*'
    }

    It 'of a certificate end with the right setting' {
        (Connect-OciRegistry $secure -SkipCertificateCheck).SkipCertificateCheck | Should -BeTrue
        ("$a/pause:3.9" | Sync-OciImage $secure/x).Status | Should -Be 'Copied'
    }

    It 'of one login for several registries end the command' {
        $credential = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
        { "$a/pause:3.9" | Sync-OciImage $b, $locked -DestinationCredential $credential } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
    }
}
