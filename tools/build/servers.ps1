# Installs the servers and the reader that the integration tests use.

function Install-RegistryServer {
    $packages = @{
        'skopeo' = 'skopeo'; 'docker-registry' = 'docker-registry'; 'tinyproxy' = 'tinyproxy'
        'dockerd' = 'docker.io'; 'xz' = 'xz-utils'; 'docker-credential-pass' = 'golang-docker-credential-helpers'; 'pass' = 'pass'; 'gpg' = 'gpg'
    }
    $missing = @($packages.Keys | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction SilentlyContinue) } |
        ForEach-Object { $packages[$_] } | Sort-Object)
    if ($missing.Count -eq 0) { return }
    if (-not (Get-Command apt-get -CommandType Application -ErrorAction SilentlyContinue)) {
        Write-Warning "There is no apt-get here: $($missing -join ' and ') must be installed by hand. Tests that need them are skipped until then."
        return
    }

    Write-Status "Installing $($missing -join ' and ') ..."
    if ([System.Environment]::UserName -eq 'root') {
        & apt-get update -qq | Out-Host
        & apt-get install -y -qq --no-install-recommends @missing | Out-Host
    }
    else {
        & sudo -n apt-get update -qq | Out-Host
        & sudo -n apt-get install -y -qq --no-install-recommends @missing | Out-Host
    }

    if ($LASTEXITCODE -ne 0) { Write-Warning "apt-get could not install $($missing -join ' and ') (it ended with $LASTEXITCODE)." }
}
