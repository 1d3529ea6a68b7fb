# Code, markdown and MAML say the same.

BeforeDiscovery {
    $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    Import-Module (Join-Path $top 'out/OciSync/OciSync.psd1') -Force
    $commands = @((Get-Module OciSync).ExportedCmdlets.Keys | Sort-Object | ForEach-Object { @{ Name = $_ } })
}

Describe 'Help of <name>' -ForEach $commands {
    BeforeAll {
        $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
        Import-Module (Join-Path $top 'out/OciSync/OciSync.psd1') -Force
        $help = Get-Help $name -Full
        $markdown = Get-Content -Raw (Join-Path $top "docs/cmdlets/$name.md")
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        $parameters = @((Get-Command $name).Parameters.Values | Where-Object { $common -notcontains $_.Name -or @('WhatIf', 'Confirm') -contains $_.Name })
    }

    It 'has a synopsis, a description and examples' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -BeLike "*$name [[]*"
        $help.description[0].Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
    }

    It 'describes every parameter and no other' {
        $described = @($help.parameters.parameter | Where-Object { "$($_.description[0].Text)" -ne '' } | ForEach-Object { $_.name } | Sort-Object)
        $described | Should -Be @($parameters.Name | Sort-Object)
        $written = @([regex]::Matches($markdown, '(?m)^### -(\w+)') | ForEach-Object { $_.Groups[1].Value } | Sort-Object)
        $written | Should -Be $described
    }

    It 'has the parameters as the code has them' {
        foreach ($parameter in $parameters) {
            $topic = @($help.parameters.parameter | Where-Object { $_.name -eq $parameter.Name })[0]
            $sets = @($parameter.ParameterSets.Values)
            $topic.required | Should -Be "$(@($sets | Where-Object IsMandatory).Count -gt 0)" -Because $parameter.Name
            $position = @($sets | ForEach-Object { if ($_.Position -lt 0) { 'named' } else { "$($_.Position)" } })
            $position | Should -Contain $topic.position -Because $parameter.Name
            $aliases = if ($parameter.Aliases.Count -eq 0) { 'none' } else { ($parameter.Aliases | Sort-Object) -join ', ' }
            (($topic.aliases -split ', ' | Sort-Object) -join ', ') | Should -Be $aliases -Because $parameter.Name
            $topic.type.name | Should -Be $parameter.ParameterType.FullName -Because $parameter.Name
            $ways = @(
                if (@($sets | Where-Object ValueFromPipelineByPropertyName).Count -gt 0) { 'ByPropertyName' }
                if (@($sets | Where-Object ValueFromPipeline).Count -gt 0) { 'ByValue' }
            ) -join ', '
            $topic.pipelineInput | Should -Be $(if ($ways) { "True ($ways)" } else { 'False' }) -Because $parameter.Name
            $wildcards = @($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0
            $topic.globbing | Should -Be "$wildcards" -Because $parameter.Name
        }
    }
}

Describe 'The MAML' {
    It 'is what the markdown makes' {
        $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
        $builder = Join-Path $top 'tools/OciSync.HelpBuilder/bin/Release/net10.0/OciSync.HelpBuilder.dll'
        $null = & dotnet $builder (Join-Path $top 'docs/cmdlets') (Join-Path $top 'en-US/OciSync.PowerShell.dll-Help.xml') --check
        $LASTEXITCODE | Should -Be 0
    }
}

Describe 'The comparison with PlatyPS' {
    BeforeAll {
        $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
        . (Join-Path $top 'tools/build/platyps.ps1')
        $ours = Join-Path $top 'en-US/OciSync.PowerShell.dll-Help.xml'
    }

    It 'passes over markup, lines and links' {
        $marked = "Gets the``tags`` of`n`n[repositories](https://example.com/x) as **objects**"
        $text = (Get-Content -Raw $ours).Replace('Gets the tags of repositories as objects', $marked)
        $theirs = Join-Path $TestDrive 'same.xml'
        Set-Content -LiteralPath $theirs -Value $text
        Compare-HelpMeaning -Ours $ours -Theirs $theirs | Should -BeNullOrEmpty
    }

    It 'sees <what>' -ForEach @(
        @{ What = 'another text'; From = 'Gets the tags of'; To = 'Gets the names of'; Wanted = '*Get-OciTag / synopsis: *' }
        @{ What = 'another parameter'; From = '>VersionRange<'; To = '>Range<'; Wanted = '*Get-OciTag / -Range: *' }
    ) {
        $theirs = Join-Path $TestDrive 'other.xml'
        Set-Content -LiteralPath $theirs -Value (Get-Content -Raw $ours).Replace($from, $to)
        @(Compare-HelpMeaning -Ours $ours -Theirs $theirs) -like $wanted | Should -Not -BeNullOrEmpty
    }
}
