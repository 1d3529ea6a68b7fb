# A registry's limit as users meet it: the run says when to go on, and what is left is rows to pipe in again.

Describe 'A run that stops at a limit' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $place = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $source --repository team/app --tags '1.0.0,1.1.0,1.2.0,2.0.0,2.1.0' --layers 1

        # So many manifests are given, and then none for so many seconds.
        function Set-Limit([int] $Pulls, [int] $Seconds) {
            $fault = @{ method = 'GET'; pathContains = '/manifests/'; times = 1000000; skip = $Pulls
                action = @{ kind = 'Respond'; status = 429; code = 'TOOMANYREQUESTS'; headers = @{ 'Retry-After' = "$Seconds" } } }
            $null = Invoke-RestMethod -Method Post "http://$source/_control/faults" -Body ($fault | ConvertTo-Json -Depth 4) -ContentType 'application/json'
        }
    }

    AfterAll { Close-TestRegistry }

    It 'says when to go on, and its rows bring the rest when they are piped in' {
        Set-Limit 2 7200
        $rows = @(Sync-OciImage -Source $source/team/app -AllTags -Destination $place/m -ThrottleLimit 1 -ErrorAction SilentlyContinue -WarningVariable told -WarningAction SilentlyContinue)
        $rest = @($rows | Where-Object Status -eq 'Failed')
        $rest | Should -HaveCount 3
        $rest.ErrorId | Select-Object -Unique | Should -Be 'OciRateLimited'
        "$told" | Should -BeLike "*3 images are left*$source*go on*"
        foreach ($row in $rest) { ($row.DueTime - [DateTimeOffset]::UtcNow).TotalHours | Should -BeGreaterThan 1.9 }

        # Kept, as a job keeps them until the time has come.
        $kept = Join-Path $RegistryFolder 'rest.csv'
        $rest | Export-Csv -LiteralPath $kept -NoTypeInformation
        $null = Invoke-RestMethod -Method Delete "http://$source/_control/faults"
        $again = @(Import-Csv -LiteralPath $kept | Sync-OciImage)
        $again | Should -HaveCount 3
        $again.Status | Select-Object -Unique | Should -Be 'Copied'
        ($again.Source | Sort-Object) | Should -Be ($rest.Source | Sort-Object)
        (Get-OciTag $place/m/app).Tag | Should -Be @('1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0')
    }
}
