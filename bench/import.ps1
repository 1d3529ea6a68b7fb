# The time of Import-Module in a new shell, by the shell's own stopwatch, and of a module with one empty cmdlet and nothing else: what the shell takes for any.
param([int] $Pairs = 15, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 2 }

# A module of one cmdlet that does nothing, compiled as any is.
function New-EmptyModule {
    $folder = Join-Path $RegistryFolder 'Empty'
    $null = New-Item -ItemType Directory -Path $folder
    $source = 'using System.Management.Automation; [Cmdlet(VerbsCommon.Get, "Nothing")] public sealed class GetNothingCommand : Cmdlet { }'
    Add-Type -TypeDefinition $source -OutputAssembly (Join-Path $folder 'Empty.dll') -OutputType Library
    $manifest = Join-Path $folder 'Empty.psd1'
    Set-Content -LiteralPath $manifest -Value @'
@{
    NestedModules = 'Empty.dll'
    ModuleVersion = '1.0'
    GUID = '0f3d7c1e-4b52-4a55-9d0c-8a61c5b6e7f2'
    CmdletsToExport = @('Get-Nothing'); FunctionsToExport = @(); AliasesToExport = @(); VariablesToExport = @()
}
'@
    $manifest
}

try {
    $empty = New-EmptyModule
    $runs = foreach ($i in 1..$Pairs) {
        [pscustomobject] @{ Ours = (Measure-Process '$null').Import * 1000; Empty = (Measure-Process '$null' -Module $empty).Import * 1000 }
    }

    $wanted = 70
    $median = Get-Median @($runs | ForEach-Object Ours)
    $floor = Get-Median @($runs | ForEach-Object Empty)
    $numbers = (@($runs | ForEach-Object { '{0:0}' -f $_.Ours })) -join ' '
    Save-Bench 'import' -Smoke:$Smoke -Row (New-BenchRow -Job 'Import-Module OciSync' -Wanted "≤ $wanted ms" -Reached ('{0:0} ms' -f $median) -Met ($median -le $wanted) `
            -Detail ('a module with one empty cmdlet {0:0} ms; {1} runs in turns: {2}' -f $floor, $Pairs, $numbers))
} finally {
    Close-Bench
}
