# A plan has the order of its input, and so has what -WhatIf says of it.

Describe 'A plan' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        $order = '1.0.0', '1.1.0', '1.2.0', '1.10.0', '1.11.0'
        $null = & dotnet $RegistryProgram seed $a --repository app/web --tags ($order -join ',') --seed 10

        # The first images answer last.
        function Add-Delay {
            foreach ($number in 0..3) {
                $fault = @{ method = 'HEAD'; pathContains = "/manifests/$($order[$number])"; action = @{ kind = 'Delay'; seconds = 0.4 - 0.1 * $number } }
                $null = Invoke-RestMethod "http://$a/_control/faults" -Method Post -ContentType 'application/json' -Body (ConvertTo-Json $fault)
            }
        }
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'of images has their order' {
        Add-Delay
        $sources = @($order | ForEach-Object { "$a/app/web:$_" })
        ($sources | Compare-OciImage $b/mirror).Source | Should -Be $sources
        [array]::Reverse($sources)
        Add-Delay
        ($sources | Compare-OciImage $b/mirror).Source | Should -Be $sources
    }

    It 'of a choice has the order of versions, also in what -WhatIf says' {
        Add-Delay
        $file = Join-Path $TestDrive 'said.txt'
        Start-Transcript -Path $file | Out-Null
        try {
            $rows = @(Sync-OciImage -Source $a/app/web -AllTags -Destination $b/mirror -WhatIf)
        } finally {
            Stop-Transcript | Out-Null
        }

        $rows.Source | Should -Be @($order | ForEach-Object { "$a/app/web:$_" })
        (Get-Content -Raw $file) -replace '\s+', ' ' | Should -BeLike "*5 images (1.0.0, 1.1.0, 1.2.0, 1.10.0, 1.11.0)*"
    }

    It 'keeps the order of images, repositories and entries as they were given' {
        $rows = @("$a/app/web:1.11.0", "$a/app/web", "$a/app/web:nothing" | Compare-OciImage $b/mixed -Latest 2 -WarningAction SilentlyContinue -ErrorAction SilentlyContinue)
        $rows.Source | Should -Be @("$a/app/web:1.11.0", "$a/app/web:1.10.0", "$a/app/web:nothing")
    }
}
