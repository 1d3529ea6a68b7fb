Describe 'Code that is compiled ahead of time' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        Initialize-TestRegistry $a
        $root = Join-Path $PSScriptRoot '../..'
        $places = @{}
        foreach ($kind in 'plain', 'native') {
            $places[$kind] = Join-Path $RegistryFolder "$kind/OciSync"
            Copy-Item -Recurse (Join-Path $root 'out/OciSync') $places[$kind]
        }

        $null = & (Join-Path $root 'tools/native.ps1') -ModulePath $places['native']
        $script = Join-Path $RegistryFolder 'first-copy.ps1'
        Set-Content -LiteralPath $script -Value @'
param($Module, $Source, $Destination)
Import-Module (Join-Path $Module 'OciSync.psd1')
$before = [Runtime.JitInfo]::GetCompiledMethodCount($false)
$row = Copy-OciImage $Source $Destination
$compiled = [Runtime.JitInfo]::GetCompiledMethodCount($false) - $before
$row.Status
$row.GetType().Assembly.Location
$compiled
'@

        # In a process of its own, which has compiled nothing yet: the status, where the engine came from, and how many methods were compiled.
        function Get-FirstCopy([string] $Kind) {
            $program = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
            $options = @('-NoProfile', '-NonInteractive', '-File', $script, $places[$Kind], "$a/pause:3.9", "$b/$Kind/pause:3.9")
            if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { $options = @(Join-Path $PSHOME 'pwsh.dll') + $options }
            & $program @options
        }
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'is what a shell on .NET 10 loads, and leaves little of the engine to be compiled' {
        $plain = Get-FirstCopy plain
        $native = Get-FirstCopy native
        $plain[0], $native[0] | Should -Be @('Copied', 'Copied')
        $plain[1] | Should -BeLike '*/deps/OciSync.Core.dll'
        $native[1] | Should -BeLike "*/deps/net10.0-$([Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier)/OciSync.Core.dll"

        # 4,000 and 1,150 when this was written.
        [int] $plain[2] | Should -BeLessThan 4400
        [int] $native[2] | Should -BeLessThan 1400
    }
}
