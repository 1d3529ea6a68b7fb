# The slice of the peers' matrix (docs/peers.md) that Debian's own tools can play.

BeforeAll {
    $top = Join-Path $PSScriptRoot '../..'
    . (Join-Path $top 'tools/build/common.ps1')
    $missing = @('skopeo', 'docker-registry' | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction SilentlyContinue) })
}

Describe 'Other tools' {
    It 'read what OciSync writes, and the other way round' {
        if ($missing.Count -gt 0) {
            Set-ItResult -Skipped -Because "server missing: $($missing -join ', ') (Debian: apt-get install $($missing -join ' '))"
            return
        }

        # docker-registry reads its settings from variables of such names too.
        Get-ChildItem Env:REGISTRY_* | Remove-Item
        $runner = Get-ScriptRunner
        $said = & $runner.Command @($runner.Arguments) (Join-Path $top 'tools/peers.ps1') -Smoke 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $said
        $sum = [regex]::Match($said, '(\d+) cells: (\d+) good, 0 of other')
        $sum.Success | Should -BeTrue -Because $said
        $sum.Groups[2].Value | Should -Be $sum.Groups[1].Value
        [int] $sum.Groups[1].Value | Should -BeGreaterOrEqual 8
    }
}
