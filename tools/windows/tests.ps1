# On Windows: the files of C:\tests by Pester. What is to be seen of it is C:\run\result.json.
param([string] $Registries, [string] $Filter = '')
[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
$env:OCISYNC_REGISTRIES = $Registries
& C:\run\run-pester.ps1 -Path C:\tests -PesterPath C:\Pester\Pester.psd1 -ResultPath C:\run\result.json -Filter $Filter
exit $LASTEXITCODE
