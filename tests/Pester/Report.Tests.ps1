Describe 'The report of a run' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $previous = (Get-Location).Path
        Set-Location $TestDrive

        # The commands that a page shows, as text.
        function Get-Command-OfPage([string] $Path) {
            foreach ($match in [regex]::Matches((Get-Content -Raw $Path), '(?s)<code>(.*?)</code>')) {
                $text = [System.Net.WebUtility]::HtmlDecode($match.Groups[1].Value)
                if ($text -match 'Sync-OciImage') { $text }
            }
        }
    }

    AfterAll {
        Set-Location $previous
        Close-TestRegistry
    }

    It 'is a page, lines and a table at once' {
        $rows = "$a/pause:3.9", "$a/pause:nope" | Sync-OciImage $b/report -ReportPath run.jsonl, run.html, run.csv -ErrorAction SilentlyContinue
        @(Get-Content run.jsonl).Count | Should -Be 2
        @(Import-Csv run.csv | ForEach-Object { "$($_.Source) $($_.Status)" } | Sort-Object) | Should -Be @($rows | ForEach-Object { "$($_.Source) $($_.Status)" } | Sort-Object)
        $page = Get-Content -Raw run.html
        $page | Should -BeLike '*1 of 2 rows failed*OciManifestUnknown*'
        @($page | Select-String -Pattern '<script' -AllMatches | ForEach-Object Matches).Count | Should -Be 2
    }

    It 'has commands that try again what failed' {
        $null = "$a/pause:3.9", "$a/pause:later" | Sync-OciImage $b/again -ReportPath run.jsonl, run.html -ErrorAction SilentlyContinue
        $null = Copy-OciImage $a/pause:3.10 $a/pause:later
        $commands = @(Get-Command-OfPage run.html)
        $commands.Count | Should -Be 2
        foreach ($command in $commands) {
            $row = & ([scriptblock]::Create($command))
            $row.Source | Should -Be "$a/pause:later"
            $row.Destination | Should -Be "$b/again/pause:later"
            $row.Status | Should -BeIn 'Copied', 'UpToDate'
        }
    }

    It 'compares with the run before, whose file it replaces' {
        $again = @{ ReportPath = 'night.jsonl', 'night.html'; Previous = 'night.jsonl'; WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
        $null = "$a/pause:3.9" | Sync-OciImage $b/night @again
        "$warnings" | Should -BeLike '*There is no *night.jsonl*'
        $null = "$a/pause:3.10" | Sync-OciImage $b/night @again
        "$warnings" | Should -BeNullOrEmpty
        $page = Get-Content -Raw night.html
        $page | Should -Match 'New: 1</h3>(?s:.{1,300})night/pause:3\.10'
        $page | Should -Match 'Gone: 1</h3>(?s:.{1,300})night/pause:3\.9'
    }

    It 'is made of rows of every kind' {
        $rows = @("$a/pause:3.9", "$a/pause:nope" | Sync-OciImage $b/kinds -ReportPath kinds.jsonl, kinds.csv -ErrorAction SilentlyContinue)
        $rows | Export-Clixml kinds.xml
        $kinds = @{
            objects = { $rows }
            lines = { Get-Content kinds.jsonl }
            json = { Get-Content kinds.jsonl | ForEach-Object { $_ | ConvertFrom-Json } }
            converted = { $rows | ConvertTo-Json | ConvertFrom-Json }
            csv = { Import-Csv kinds.csv }
            clixml = { Import-Clixml kinds.xml }
        }
        foreach ($kind in $kinds.Keys) {
            & $kinds[$kind] | Export-OciReport "$kind.jsonl", "$kind.html"
            foreach ($row in Get-Content "$kind.jsonl" | ForEach-Object { $_ | ConvertFrom-Json }) {
                $original = @($rows | Where-Object Source -eq $row.Source)[0]
                foreach ($field in 'Destination', 'Status', 'Digest', 'ErrorId', 'Error', 'BytesCopied', 'RunId') { $row.$field | Should -Be $original.$field -Because "$kind $field" }
                [timespan] $row.Duration | Should -Be $original.Duration -Because $kind
                ([datetimeoffset] $row.StartTime - $original.StartTime).TotalSeconds | Should -BeLessThan 1 -Because $kind
            }
            Get-Content -Raw "$kind.html" | Should -BeLike '*1 of 2 rows failed*' -Because $kind
        }
    }

    It 'is made of what a killed run has left' {
        $null = "$a/pause:3.9", "$a/pause:3.10" | Sync-OciImage $b/killed -ReportPath whole.jsonl
        $text = Get-Content -Raw whole.jsonl
        [System.IO.File]::WriteAllText((Join-Path $TestDrive 'killed.jsonl'), $text.Substring(0, $text.Length - 40))
        Export-OciReport killed.html -RowPath killed.jsonl -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike "*killed.jsonl', line 2: *left out*"
        Get-Content -Raw killed.html | Should -BeLike '*All 1 row without a failure*line 2*'
        { Export-OciReport none.html -RowPath (Join-Path $TestDrive 'whole*.csv') } | Should -Throw -ErrorId 'OciFileNotFound*'
        Set-Content bad.jsonl '{"a":1}', $text
        { Export-OciReport none.html -RowPath bad.jsonl } | Should -Throw -ErrorId 'OciReportInvalid*'
        Test-Path none.html | Should -BeFalse
    }

    It 'says until the end that the run has not ended' {
        $seen = [System.Collections.Generic.List[string]]::new()
        $null = "$a/pause:3.9" | ForEach-Object { $_ } | Sync-OciImage $b/open -ReportPath open.html | ForEach-Object { $seen.Add((Get-Content -Raw open.html)) }
        $seen[0] | Should -BeLike '*The run has not ended*'
        Get-Content -Raw open.html | Should -Not -BeLike '*The run has not ended*'
    }

    It 'refuses an ending that it does not know, before any work' {
        foreach ($name in 'run.xml', 'run', 'run.htm.txt', 'run.prom') {
            { "$a/pause:3.9" | Sync-OciImage $b/never -ReportPath run.jsonl, $name } | Should -Throw -ErrorId 'OciReportInvalid*'
            { "{}" | Export-OciReport $name } | Should -Throw '*.html*.jsonl*.csv*'
        }
        { "$a/pause:3.9" | Sync-OciImage $b/never -MetricsPath run.txt } | Should -Throw '*.prom*'
        { Get-OciDigest $b/never/pause:3.9 -ErrorAction Stop } | Should -Throw
    }

    It 'takes several paths as one text, and leaves a file with -NoClobber' {
        $null = "$a/pause:3.9" | Sync-OciImage $b/text -ReportPath 'one.jsonl, two.html'
        Test-Path one.jsonl, two.html | Should -Be @($true, $true)
        { Export-OciReport two.html -RowPath one.jsonl -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'OciFileExists*'
        Export-OciReport three.html -RowPath one.jsonl -WhatIf
        Test-Path three.html | Should -BeFalse
    }

    It 'runs no formula in a spreadsheet' {
        [pscustomobject]@{ Source = '=1+1'; Destination = '@SUM(A1)'; Status = 'Failed'; Error = "+cmd|' /C calc'!A0" } | Export-OciReport formula.csv
        $row = Import-Csv formula.csv
        $row.Source, $row.Destination, $row.Error | Should -Be @("'=1+1", "'@SUM(A1)", "'+cmd|' /C calc'!A0")
    }

    It 'has metrics beside it, which keep the last success' {
        $null = "$a/pause:3.9" | Sync-OciImage $b/metrics -MetricsPath run.prom
        $first = Get-Content run.prom
        $first | Should -Contain "ocisync_run_rows{registry=`"$b`",status=`"Copied`"} 1"
        $null = "$a/pause:nope" | Sync-OciImage $b/metrics -MetricsPath run.prom -ErrorAction SilentlyContinue
        $second = Get-Content run.prom
        $second | Should -Contain "ocisync_run_rows{registry=`"$b`",status=`"Failed`"} 1"
        $success = '^ocisync_run_last_success_timestamp_seconds '
        @($second -match $success) | Should -Be @($first -match $success)
        { "$a/pause:3.9" | Sync-OciImage $b/metrics -ReportPath no/such/run.html } | Should -Throw '*no*such*run.html* there is no such folder.' -ErrorId 'OciReportUnwritable*'
        { "$a/pause:3.9" | Sync-OciImage $b/metrics -MetricsPath no/such/run.prom } | Should -Throw -ErrorId 'OciReportUnwritable*'
    }
}
