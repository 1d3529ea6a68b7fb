# Holds the help against Microsoft.PowerShell.PlatyPS, where that is installed: it must take the pages, and its MAML must say what ours says.

# Letters and digits alone: markup, line ends and the way links are written are the builder's own.
function ConvertTo-HelpText {
    param([object[]] $Node)
    $text = (@($Node) | Where-Object { $_ } | ForEach-Object { $_.InnerText }) -join ' '
    return ($text -replace '\(https?://[^\s)]*\)', '' -replace '[^\p{L}\p{Nd}]', '').ToLowerInvariant()
}

# What a MAML file says, as lines "command / place: text".
function Get-HelpMeaning {
    param([string] $Path)
    $document = New-Object System.Xml.XmlDocument
    $document.Load($Path)
    foreach ($command in $document.SelectNodes("//*[local-name()='command' and *[local-name()='details']]")) {
        $name = $command.SelectSingleNode("*[local-name()='details']/*[local-name()='name']").InnerText.Trim()
        '{0} / synopsis: {1}' -f $name, (ConvertTo-HelpText $command.SelectNodes("*[local-name()='details']/*[local-name()='description']"))
        '{0} / description: {1}' -f $name, (ConvertTo-HelpText $command.SelectNodes("*[local-name()='description']"))
        foreach ($item in $command.SelectNodes("*[local-name()='syntax']/*[local-name()='syntaxItem']")) {
            $parameters = @($item.SelectNodes("*[local-name()='parameter']/*[local-name()='name']") | ForEach-Object { $_.InnerText.Trim() })
            '{0} / syntax: {1}' -f $name, (($parameters | Sort-Object) -join ' ')
        }
        foreach ($parameter in $command.SelectNodes("*[local-name()='parameters']/*[local-name()='parameter']")) {
            $which = $parameter.SelectSingleNode("*[local-name()='name']").InnerText.Trim()
            '{0} / -{1}: {2}' -f $name, $which, (ConvertTo-HelpText $parameter.SelectNodes("*[local-name()='description']"))
        }
        foreach ($example in $command.SelectNodes("*[local-name()='examples']/*[local-name()='example']")) {
            $parts = $example.SelectNodes("*[local-name()='introduction' or local-name()='code' or local-name()='remarks']")
            '{0} / example: {1}' -f $name, (ConvertTo-HelpText $parts)
        }
    }
}

# Lines that only one of two MAML files has.
function Compare-HelpMeaning {
    param([string] $Ours, [string] $Theirs)
    $first = @(Get-HelpMeaning -Path $Ours | Where-Object { $_ -notmatch ' / -(WhatIf|Confirm): ' })
    $second = @(Get-HelpMeaning -Path $Theirs | Where-Object { $_ -notmatch ' / -(WhatIf|Confirm): ' })
    foreach ($line in $first | Where-Object { $second -notcontains $_ }) { "only ours: $line" }
    foreach ($line in $second | Where-Object { $first -notcontains $_ }) { "only PlatyPS's: $line" }
}

# What PlatyPS has against the pages, and what its MAML says otherwise; nothing where all is well.
function Test-HelpByPlatyPS {
    param([string] $Source, [string] $Target)
    Import-Module Microsoft.PowerShell.PlatyPS
    $pages = @(Get-ChildItem -Path $Source -Filter '*-*.md' -File | ForEach-Object { $_.FullName })
    foreach ($page in $pages) {
        if (-not (Test-MarkdownCommandHelp -Path $page)) { "PlatyPS refuses $(Split-Path -Leaf $page)." }
    }

    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ('ocisync-help-' + [guid]::NewGuid().ToString('N'))
    try {
        $null = Export-MamlCommandHelp -CommandHelp (Import-MarkdownCommandHelp -Path $pages) -OutputFolder $folder -Force
        $maml = @(Get-ChildItem -Path $folder -Filter '*.xml' -Recurse -File)
        if ($maml.Count -ne 1) { "PlatyPS wrote $($maml.Count) files." } else { Compare-HelpMeaning -Ours $Target -Theirs $maml[0].FullName }
    } finally {
        if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force }
    }
}
