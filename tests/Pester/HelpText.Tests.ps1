# What Get-Help shows is what the pages say, and it knows their addresses.

BeforeDiscovery {
    $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    $pages = @(Get-ChildItem (Join-Path $top 'docs/cmdlets') -Filter '*-*.md' | ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } })
}

Describe 'Help text' {
    BeforeAll {
        $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
        Import-Module (Join-Path $top 'out/OciSync/OciSync.psd1') -Force
        $folder = (Get-Module OciSync).ProjectUri.OriginalString + '/blob/main/docs/cmdlets/'
    }

    It 'of <Name> keeps every backslash of the page' -ForEach $pages {
        $help = Get-Help $Name -Full
        $shown = ($help.parameters.parameter.description.Text + $help.description.Text + $help.examples.example.code + $help.examples.example.remarks.Text) -join "`n"
        $written = @([regex]::Matches((Get-Content -Raw $Path), '`([^`\n]*\\[^`\n]*)`') | ForEach-Object { $_.Groups[1].Value } | Select-Object -Unique)
        foreach ($code in $written) { $shown.Contains($code) | Should -BeTrue -Because "$code is shown as it is written" }
    }

    It 'shows paths of Windows' {
        $text = (Get-Help Connect-OciRegistry -Parameter ClientCertificateThumbprint).description.Text -join ' '
        $text | Should -BeLike '*Cert:\CurrentUser\My*'
        $text | Should -BeLike '*Cert:\LocalMachine\My*'
    }

    It 'of <Name> has the address of its page' -ForEach $pages {
        $uri = $folder + $Name + '.md'
        (Get-Command $Name).HelpUri | Should -Be $uri
        @((Get-Help $Name).relatedLinks.navigationLink | Where-Object uri)[0].uri | Should -Be $uri
        Get-Content -Raw $Path | Should -BeLike "*HelpUri: '$uri'*"
    }

    It 'is opened by -Online' -Skip:(-not $IsLinux) {
        $browser = Join-Path $TestDrive 'xdg-open'
        $opened = Join-Path $TestDrive 'opened'
        Set-Content $browser -Value '#!/bin/sh', "printf '%s' `"`$1`" > '$opened.part'", "mv '$opened.part' '$opened'"
        & chmod +x $browser
        $path = $env:PATH
        $env:PATH = "$TestDrive" + [System.IO.Path]::PathSeparator + $path
        try {
            Get-Help Sync-OciImage -Online
            for ($i = 0; $i -lt 200 -and -not (Test-Path $opened); $i++) { [System.Threading.Thread]::Sleep(25) }
        } finally {
            $env:PATH = $path
        }

        Get-Content -Raw $opened | Should -Be ($folder + 'Sync-OciImage.md')
    }
}
