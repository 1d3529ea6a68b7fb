# The build of a fresh clone with an empty NuGet cache, as it was at another commit and as it is at this one (HEAD: what is not committed is not in it), in turns.
param(
    [int] $Pairs = 2,
    [switch] $Smoke,
    [string] $Configuration = 'Release',
    # What it is compared with: by default the last one at which `build` built everything, with analyzers.
    [string] $Base = '0b7a849'
)

# Not where the other scripts work: clones and packages are too much for memory.
$temporary = [System.IO.Path]::GetTempPath()
. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration

# Seconds of `build.ps1 build`. Each build has a compiler server and build nodes of its own, so that none finds them warm. The small form builds one small project.
function Measure-Build([string] $Commit) {
    $folder = Join-Path $temporary ('ocisync-build-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
    $clone = Join-Path $folder 'clone'
    $null = New-Item -ItemType Directory -Path (Join-Path $folder 't')
    $null = Invoke-BenchProgram 'git' @('clone', '-q', $BenchTop, $clone)
    $null = Invoke-BenchProgram 'git' @('-C', $clone, '-c', 'advice.detachedHead=false', 'checkout', '-q', $Commit)
    $own = @{ MSBUILDDISABLENODEREUSE = '1'; TMPDIR = Join-Path $folder 't'; TEMP = Join-Path $folder 't'; RunAnalyzers = $null; RunAnalyzersDuringBuild = $null }
    if (-not $Smoke) { $own.NUGET_PACKAGES = Join-Path $folder 'packages' }
    $before = @{}
    foreach ($name in $own.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $own[$name])
    }

    try {
        $build = if ($Smoke) { 'dotnet', 'build', (Join-Path $clone 'tools/OciSync.HelpBuilder'), '-c', $Configuration }
        else { @($BenchRunner.Command) + $BenchRunner.Arguments + @((Join-Path $clone 'build.ps1'), 'build', '-Configuration', $Configuration) }
        (Invoke-BenchProgram $build[0] $build[1..($build.Count - 1)]).Seconds
        $null = Invoke-BenchProgram 'dotnet' @('build-server', 'shutdown', '--vbcscompiler')
    } finally {
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        Remove-Item -Recurse -Force $folder
    }
}

try {
    if ($Smoke) { $Pairs = 1; $Base = 'HEAD' }
    $runs = for ($i = 1; $i -le $Pairs; $i++) {
        $then = Measure-Build $Base
        $now = Measure-Build 'HEAD'
        [Console]::WriteLine(('build {0}: {1:0.0} s, {2:0.0} s at {3}, ratio {4:0.00}' -f $i, $now, $then, $Base, ($now / $then)))
        [pscustomobject] @{ Now = $now; Then = $then; Ratio = $now / $then }
    }

    $ratio = Get-Median @($runs | ForEach-Object Ratio)
    $detail = '{0:0} s to {1:0} s at {2}; {3} pairs, ratios {4}' -f (Get-Median @($runs | ForEach-Object Now)), (Get-Median @($runs | ForEach-Object Then)), $Base, $Pairs,
        (@($runs | ForEach-Object { '{0:0.00}' -f $_.Ratio }) -join ' ')
    Save-Bench 'build' -Smoke:$Smoke -Row (New-BenchRow -Job 'the build of a fresh clone, empty NuGet cache' -Wanted '≤ 0.60' -Reached ('{0:0.00}' -f $ratio) -Met ($ratio -le 0.6) -Detail $detail)
} finally {
    Close-Bench
}
