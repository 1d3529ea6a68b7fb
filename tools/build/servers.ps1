# Installs what the tests use beside the SDK: registries and other readers, a terminal, a browser, a reader of metrics, and Wine and Mono. It goes on while the solution is built.

# Debian's packages, each with a program or file that says it is there already; of several programs one is enough.
$script:ServerPackages = @{
    'skopeo' = 'skopeo'; 'docker-registry' = 'docker-registry'; 'docker.io' = 'dockerd'; 'tinyproxy' = 'tinyproxy'
    'xz-utils' = 'xz'; 'bzip2' = 'bzip2'; 'golang-docker-credential-helpers' = 'docker-credential-pass'; 'pass' = 'pass'
    'gpg' = 'gpg'; 'gpg-agent' = 'gpg-agent'; 'tmux' = 'tmux'
    'wine' = 'wine'; 'wine64' = '/usr/lib/wine/wine64'
    'chromium' = 'chromium|google-chrome|chromium-browser'; 'prometheus-node-exporter' = 'prometheus-node-exporter'
    'mono-runtime' = 'mono'; 'mono-devel' = 'mcs'; 'ca-certificates-mono' = '/etc/ca-certificates/update.d/mono-keystore'
}

function Get-MissingServerPackage {
    foreach ($package in $script:ServerPackages.Keys | Sort-Object) {
        $mark = $script:ServerPackages[$package]
        $isProgram = -not $mark.StartsWith('/') -and (Get-Command ($mark -split '\|') -CommandType Application -ErrorAction SilentlyContinue)
        if (-not $isProgram -and -not (Test-Path -LiteralPath $mark -PathType Leaf)) { $package }
    }
}

# Programs of Debian 13, which tests look for in this folder (tests/OciSync.Testing/Servers/Debian13.cs): what Debian 12 has of them is older, or nothing.
$script:NewerPrograms = @('skopeo', 'cosign')
$script:NewerFolder = Join-Path $(if ($env:XDG_CACHE_HOME) { $env:XDG_CACHE_HOME } else { Join-Path $HOME '.cache' }) 'ocisync-tests/debian13'

function Test-NewerProgram {
    $file = Join-Path $script:NewerFolder 'complete'
    (Test-Path -LiteralPath $file) -and (Get-Content -LiteralPath $file -Raw).Trim() -eq ($script:NewerPrograms -join ' ')
}

# Begins the installation and returns it for Wait-ServerInstallation; nothing when there is nothing to do, or no way to.
function Start-ServerInstallation {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Asked for by a switch.')]
    param()
    $missing = @(Get-MissingServerPackage)
    if ($missing -contains 'chromium' -and (Test-Path /etc/os-release) -and (Select-String -Path /etc/os-release -Pattern '^ID=ubuntu' -Quiet)) {
        Write-Warning 'Ubuntu has no package of Chromium, only a snap: install Google Chrome for the tests of pages, or they are skipped.'
        $missing = @($missing | Where-Object { $_ -ne 'chromium' })
    }
    $needsNewer = -not (Test-NewerProgram)
    if ($missing.Count -eq 0 -and -not $needsNewer) { return }
    if (-not (Get-Command apt-get -CommandType Application -ErrorAction SilentlyContinue)) {
        if ($missing.Count -eq 0) { return }
        Write-Warning "There is no apt-get here: $($missing -join ', ') must be installed by hand. Tests that need them are skipped until then."
        return
    }

    $newer = if ($needsNewer) { @("Debian 13's $($script:NewerPrograms -join ' and ') (in a folder of their own)") } else { @() }
    Write-Status "Installing $(($missing + $newer) -join ', ') while the solution is built ..."
    $before = if ([System.Environment]::UserName -eq 'root') { '' } else { 'sudo -n ' }
    $log = [System.IO.Path]::GetTempFileName()
    $install = "${before}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $($missing -join ' ')"
    $recipe = Join-Path $PSScriptRoot '../debian13.sh'
    $steps = @(
        if ($missing.Count -gt 0) { "${before}apt-get update -qq && $install" }
        if ($needsNewer) { "'$recipe' '$script:NewerFolder' $($script:NewerPrograms -join ' ')" }
    )
    $script = "($($steps -join ' && ')) >$log 2>&1 </dev/null"
    $process = Start-Process -FilePath '/bin/sh' -ArgumentList @('-c', "`"$script`"") -PassThru
    return [pscustomobject]@{ Process = $process; Log = $log; Clock = [System.Diagnostics.Stopwatch]::StartNew() }
}

# Waits for the end of an installation and tells of a failure: the tests then say what they miss.
function Wait-ServerInstallation {
    param([object] $Installation)
    if (-not $Installation) { return }
    $Installation.Process.WaitForExit()
    if ($Installation.Process.ExitCode -eq 0) {
        Write-Status ('Installed after {0:0} s.' -f $Installation.Clock.Elapsed.TotalSeconds)
    }
    else {
        Get-Content -LiteralPath $Installation.Log | ForEach-Object { Write-Status $_ }
        Write-Warning "apt-get ended with $($Installation.Process.ExitCode)."
    }

    Remove-Item -LiteralPath $Installation.Log
}
