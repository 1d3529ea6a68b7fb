# Each bench script runs in its smallest form, so that none rots. What it measures then says nothing.

BeforeDiscovery {
    $scripts = Get-ChildItem -Path (Join-Path $PSScriptRoot '../../bench') -Filter '*.ps1' -File | ForEach-Object { @{ name = $_.Name; path = $_.FullName } }
}

Describe 'The bench script <name>' -ForEach $scripts {
    BeforeAll {
        $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
        . (Join-Path $top 'tools/build/common.ps1')
        $runner = Get-ScriptRunner -Configuration Release
    }

    It 'runs to its end and tells what it measured' {
        $needed = @('skopeo', 'docker-registry' | Where-Object { (Get-Content -Raw $path) -match 'Open-DockerRegistry' })
        $missing = @($needed | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction SilentlyContinue) })
        if ($missing.Count -gt 0) { Set-ItResult -Skipped -Because "server missing: $($missing -join ' and ')" }
        else {
            $output = & $runner.Command @($runner.Arguments) $path -Smoke
            $LASTEXITCODE | Should -Be 0
            "$output" | Should -Match 'wanted'
        }
    }
}
