# What people type, and what their files and other tools' files have in them.
Describe 'Typed' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $names = 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'REGISTRY_AUTH_FILE', 'DEST_HUB_USERNAME', 'DEST_HUB_PASSWORD'
        $before = @{}
        foreach ($name in $names) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $null)
        }
        $env:DOCKER_CONFIG = $env:XDG_RUNTIME_DIR = $env:XDG_CONFIG_HOME = $RegistryFolder
        $basic = Open-TestRegistry '--user alice:s3cret'
        $alice = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
    }

    AfterAll {
        foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        Close-TestRegistry
    }

    AfterEach {
        Disconnect-OciRegistry -All -ErrorAction SilentlyContinue -Confirm:$false
    }

    It 'credential files that are missing or broken are an error of the command, even where no login is needed' {
        $broken = Join-Path $TestDrive 'broken.json'
        Set-Content $broken -Value '{ "auths": [ }'
        foreach ($path in (Join-Path $TestDrive 'misspelt.json'), $broken) {
            $error1 = $null
            try { Get-OciTag $a/pause -AuthFilePath $path -ErrorAction Stop } catch { $error1 = $_ }
            $error1.FullyQualifiedErrorId | Should -BeLike 'OciConfigurationInvalid,*'
            $error1.Exception.Message | Should -BeLike "*$path*"
            { Sync-OciImage -Source $a/pause:3.9 -Destination $b/x -AuthFilePath $path -Anonymous } | Should -Throw
        }
        @(Get-OciTag $b/x -ErrorAction SilentlyContinue).Count | Should -Be 0
        $new = Join-Path $TestDrive 'new.json'
        (Connect-OciRegistry $basic -Credential $alice -Save -AuthFilePath $new).Username | Should -Be 'alice'
        Test-Path $new | Should -Be $true
    }

    It 'registries may have a scheme and a last slash, and are shown without' -ForEach @(@{ Form = 'http://{0}' }, @{ Form = '{0}/' }, @{ Form = 'http://{0}/v2/' }) {
        $row = Connect-OciRegistry ($form -f $basic) -Credential $alice -WarningVariable warnings -WarningAction SilentlyContinue
        $row.Registry | Should -Be $basic
        $row.PlainHttp | Should -Be ($form -like 'http:*')
        $warnings.Count | Should -Be 0
        (Get-OciRegistry $basic).Username | Should -Be 'alice'
        (Get-OciRegistry "https://$basic/").Username | Should -Be 'alice'
        Disconnect-OciRegistry ($form -f $basic)
        (Test-OciRegistry "$a/" | Where-Object Step -eq 'Connect').Result | Should -Be 'Passed'
    }

    It 'https:// beside -PlainHttp is a contradiction' {
        Connect-OciRegistry https://$basic -PlainHttp -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciReferenceInvalid,*'
    }

    It 'Connect-OciRegistry without a login says who is logged in, or that nobody is' {
        $row = Connect-OciRegistry $basic -WarningVariable warnings -WarningAction SilentlyContinue
        $row.Username | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike '*nobody is logged in*-Credential (Get-Credential)*'
        $null = Connect-OciRegistry $basic -PlainHttp -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be 0
        $file = Join-Path $TestDrive 'stored.json'
        $null = Connect-OciRegistry $basic -Credential $alice -Save -AuthFilePath $file
        $row = Connect-OciRegistry $basic -AuthFilePath $file -WarningVariable warnings -WarningAction SilentlyContinue
        $row.Username | Should -Be 'alice'
        $row.Source | Should -BeLike "*stored.json*"
        $warnings.Count | Should -Be 0
    }

    It 'a password in a name is nowhere to be read again' {
        $ErrorActionPreference = 'Continue'
        $report = Join-Path $TestDrive 'report.jsonl'
        $all = @(
            foreach ($typed in "alice:hunter2@$a/pause:3.9", "https://alice:hunter2@$a/pause:3.9") {
                Copy-OciImage $typed $b/y:1 -ReportPath $report -Verbose 4>&1 2>&1
                Copy-OciImage $a/pause:3.9 $typed -Verbose 4>&1 2>&1
                $typed | Sync-OciImage $b/y -Verbose 4>&1 2>&1
                Sync-OciImage -Source $a/pause:3.9 -Destination $typed -Verbose 4>&1 2>&1
                Get-OciTag $typed 2>&1
                Get-OciDigest $typed 2>&1
                Connect-OciRegistry $typed 2>&1
                Test-OciRegistry $typed 2>&1
                Get-OciRepository $typed 2>&1
                Disconnect-OciRegistry $typed 2>&1
            }
        )
        $all.Count | Should -BeGreaterThan 20
        $texts = @($all | ForEach-Object {
                if ($_ -is [System.Management.Automation.ErrorRecord]) { "$($_.Exception) $($_.TargetObject) $($_.ErrorDetails)" }
                # What else such a record holds is the command as it was typed, which PowerShell puts there.
                elseif ($_ -is [System.Management.Automation.InformationalRecord]) { $_.Message } else { $_ | ConvertTo-Json -Depth 3 }
            })
        @($texts | Where-Object { $_ -like '*hunter2*' }).Count | Should -Be 0
        Get-Content -Raw $report | Should -Not -BeLike '*hunter2*'
        @($all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Where-Object { $_.Exception.Message -notlike '*Connect-OciRegistry*' }).Count | Should -Be 0
    }

    It 'blank lines and comments of a list are no images' {
        $list = Join-Path $TestDrive 'images.txt'
        Set-Content $list -Value '# the pauses', '', "$a/pause:3.9", '   ', '  # and the newer one', "$a/pause:3.10", ''
        $rows = @(Get-Content $list | Sync-OciImage $b/list -ErrorVariable failures)
        $rows.Status | Should -Be @('Copied', 'Copied')
        $failures.Count | Should -Be 0
        @(Get-Content $list | Get-OciDigest).Count | Should -Be 2
        @(Get-Content $list | Get-OciImageInfo).Count | Should -Be 2
        Get-Content $list | Test-OciImage -Quiet | Should -Be $true
        @(Get-Content $list | Copy-OciImage -Destination docker-archive:$TestDrive/list.tar).Count | Should -Be 2
        @('# nothing at all' | Sync-OciImage $b/list).Count | Should -Be 0

        # Most likely a variable that is misspelt.
        $lone = '' | Sync-OciImage $b/list -ErrorAction SilentlyContinue -ErrorVariable failures
        $lone.Status | Should -Be 'Failed'
        $failures[0].Exception.Message | Should -BeLike '*it is empty*'
        '' | Get-OciDigest -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].Exception.Message | Should -BeLike '*it is empty*'
        @('' | Test-OciImage -Quiet -ErrorAction SilentlyContinue) | Should -Be $false
        Get-OciDigest '' -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].Exception.Message | Should -BeLike '*it is empty*'
    }

    It 'rows that are no whole rows of ours are refused' {
        $plan = @("$a/pause:3.10", "$a/pause:3.9" | Sync-OciImage $b/rows -WhatIf)
        $csv = Join-Path $TestDrive 'plan.csv'
        $plan | Export-Csv $csv -NoTypeInformation

        # Cut off in the middle of its last line: of the destination's tag, a part is left.
        $lines = @(Get-Content $csv)
        $end = $lines[-1].IndexOf(':', $lines[-1].IndexOf('/rows/')) + 3
        Set-Content $csv -Value ($lines[0..($lines.Count - 2)] + ($lines[-1].Substring(0, $end) + '"'))
        $rows = @(Import-Csv $csv | Sync-OciImage -ErrorAction SilentlyContinue)
        ($rows.Status | Sort-Object) | Should -Be @('Copied', 'Failed')
        ($rows | Where-Object Status -eq 'Failed').Error | Should -BeLike '*has no Status*'
        @(Get-OciTag $b/rows/pause).Count | Should -Be 1

        $whole = $plan[0] | Select-Object Source, Destination, Status, SourceDigest
        function Edit([hashtable] $Change) {
            $row = $whole | Select-Object *
            foreach ($key in $Change.Keys) { $row.$key = $Change[$key] }
            $row
        }
        $cases = @(
            @{ Row = $plan[0] | Select-Object Source, Destination, Status; Text = '*has no SourceDigest*' }
            @{ Row = Edit @{ SourceDigest = '' }; Text = '*has no SourceDigest*' }
            @{ Row = Edit @{ Status = 'WouldCop' }; Text = "*Status 'WouldCop' is none of OciSync's*" }
            @{ Row = Edit @{ Status = $null }; Text = '*has no Status*' }
            @{ Row = Edit @{ Status = 'WouldPrune' }; Text = '*says WouldPrune and names a source*' }
            @{ Row = Edit @{ Destination = '' }; Text = '*has no destination*' }
            @{ Row = Edit @{ Destination = $null }; Text = '*has no destination*' }
        )
        foreach ($case in $cases) {
            $failures = @()
            $row = $case.Row | Sync-OciImage -ErrorAction SilentlyContinue -ErrorVariable failures
            $row.Status | Should -Be 'Failed'
            $row.Error | Should -BeLike $case.Text
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciReferenceInvalid,*'
        }
        (($whole | Sync-OciImage).Status) | Should -BeIn @('Copied', 'UpToDate')
        (($whole | Select-Object Source, Destination | Sync-OciImage).Status) | Should -Be 'UpToDate'
        (Test-OciImage $a/pause:3.9 | Sync-OciImage $b/checked).Status | Should -Be 'Copied'
        (Sync-OciImage -Source $a/pause:3.9 -Destination '' -ErrorAction SilentlyContinue).Status | Should -Be 'Failed'
    }

    It 'files of skopeo have namespaces in their keys, Go expressions and merge keys' {
        $file = Join-Path $TestDrive 'skopeo.yaml'
        Set-Content $file -Value @"
"$a/library": &reach
  tls-verify: false
  images:
    alpine: ["3.23.4"]
"$a":
  <<: *reach
  images: {}
  images-by-tag-regex:
    pause: ^[[:digit:]]+\.[[:digit:]]+`$
"@
        $rows = @(Sync-OciImage -ConfigPath $file -Destination $b/skopeo)
        ($rows.Status | Select-Object -Unique) | Should -Be 'Copied'
        @($rows | Where-Object Source -like "$a/library/alpine:3.23.4").Count | Should -Be 1
        @($rows | Where-Object Source -like "$a/pause:*").Count | Should -BeGreaterThan 1
    }

    It 'a sync file is no image, and an image may be called like one' {
        $folder = Join-Path $TestDrive 'named'
        $null = New-Item -ItemType Directory $folder
        Push-Location $folder
        try {
            Set-Content images.yaml -Value 'images: []'
            (Copy-OciImage images.yaml $b/named:1 -ErrorAction SilentlyContinue).Error | Should -BeLike "*-ConfigPath 'images.yaml'*"
            $null = New-PSDrive -Name place -PSProvider FileSystem -Root $folder
            (Copy-OciImage place:images.yaml $b/named:1 -ErrorAction SilentlyContinue).Error | Should -BeLike "*-ConfigPath 'place:images.yaml'*"
            Remove-PSDrive place
            (Copy-OciImage $a/pause:3.9 $b/named/app.yaml:v1.yaml).Status | Should -Be 'Copied'
            (Copy-OciImage $b/named/app.yaml:v1.yaml $a/named:1).Status | Should -Be 'Copied'
        }
        finally { Pop-Location }
    }

    It 'the login for destinations that sync-image sets counts for the file it wrote' {
        $file = Join-Path $TestDrive 'sync.yaml'
        Set-Content $file -Value "`"$a`":", '  tls-verify: false', '  images:', '    pause: ["3.9"]'
        (Sync-OciImage -ConfigPath $file -Destination $basic/m -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciUnauthorized'
        $env:DEST_HUB_USERNAME = 'alice'
        $env:DEST_HUB_PASSWORD = 's3cret'
        try { (Sync-OciImage -ConfigPath $file -Destination $basic/m).Status | Should -Be 'Copied' }
        finally { $env:DEST_HUB_USERNAME = $env:DEST_HUB_PASSWORD = $null }
    }
}
