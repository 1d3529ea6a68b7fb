# The examples of the help and of the README, run as they stand: public names lead to registries of this machine.

BeforeDiscovery {
    $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    Import-Module (Join-Path $top 'out/OciSync/OciSync.psd1') -Force
    $examples = @(
        foreach ($command in (Get-Module OciSync).ExportedCmdlets.Keys | Sort-Object) {
            foreach ($example in (Get-Help $command -Full).examples.example) {
                @{ Place = $command; Title = $example.title.Trim(' ', '-'); Code = "$($example.code)" }
            }
        }
        $number = 0
        foreach ($block in [regex]::Matches((Get-Content -Raw (Join-Path $top 'README.md')), '(?s)```powershell\r?\n(.*?)```')) {
            $number++
            $code = $block.Groups[1].Value
            if ($code -match '-Oci' -and $code -notmatch 'Import-Module') { @{ Place = 'README'; Title = "block $number"; Code = $code } }
        }
    )
}

Describe 'Examples' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $corp = Open-TestRegistry
        $secure = Open-TestRegistry "--tls --pki-out `"$RegistryFolder`" --user mirror:example --user mirror2:example"
        Initialize-TestRegistry $source
        $null = & dotnet $RegistryProgram seed $source --repository prometheus/prometheus --tags 'v3.5.0,v3.6.0,v3.7.0,v3.7.1'
        $null = & dotnet $RegistryProgram seed $source --repository kube-vip/kube-vip --tags 'v0.4.4,v0.6.0'
        $null = & dotnet $RegistryProgram seed $source --repository k3d-io/k3d-tools --tags '5.5.2'

        $previous = @{ Config = $env:CONTAINERS_REGISTRIES_CONF; Docker = $env:DOCKER_CONFIG; Password = $env:REGISTRY_PASSWORD; Runtime = $env:XDG_RUNTIME_DIR; Home = $env:XDG_CONFIG_HOME; AuthFile = $env:REGISTRY_AUTH_FILE }
        $env:CONTAINERS_REGISTRIES_CONF = Join-Path $RegistryFolder 'registries.conf'
        $env:DOCKER_CONFIG = $RegistryFolder
        $env:REGISTRY_PASSWORD = 'example'
        $env:XDG_RUNTIME_DIR = $RegistryFolder
        $env:XDG_CONFIG_HOME = $RegistryFolder
        $env:REGISTRY_AUTH_FILE = ''
        $places = @{
            'docker.io' = $source; 'registry.k8s.io' = $source; 'quay.io' = $source; 'ghcr.io' = $source; 'registry.corp.local' = $corp
            'registry.cn-hangzhou.aliyuncs.com' = $corp; 'registry.lab.local:5000' = $corp
        }
        $entries = @($places.Keys | ForEach-Object { "[[registry]]`nprefix = `"$_`"`nlocation = `"$($places[$_])`"`ninsecure = true" })
        $entries += "[[registry]]`nprefix = `"secure.corp.local`"`nlocation = `"$secure`""
        Set-Content -LiteralPath $env:CONTAINERS_REGISTRIES_CONF -Value $entries

        # What examples take as given: files in the current folder, and the answer to Get-Credential.
        Copy-Item -LiteralPath (Join-Path $RegistryFolder 'ca.crt') -Destination (Join-Path $RegistryFolder 'corp-ca.pem')
        $null = New-Item -ItemType Directory -Path (Join-Path $RegistryFolder 'corp-certs') -Force
        Copy-Item -LiteralPath (Join-Path $RegistryFolder 'ca.crt') -Destination (Join-Path $RegistryFolder 'corp-certs/ca.crt')
        Set-Content -LiteralPath (Join-Path $RegistryFolder 'images.txt') -Value 'alpine:3.22.4', 'registry.k8s.io/pause:3.9'
        Set-Content -LiteralPath (Join-Path $RegistryFolder 'config.yaml') -Value 'last: 2', 'images:', '  registry.k8s.io:', '    - pause'
        Set-Content -LiteralPath (Join-Path $RegistryFolder 'sync.yaml') -Value 'docker.io:', '  images:', '    library/alpine:', '    - 3.22.4'
        $pods = '{"kind":"List","items":[{"kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"registry.k8s.io/pause:3.9"}]}}]}'
        $null = New-Item -ItemType Directory -Path (Join-Path $RegistryFolder 'deploy') -Force
        Set-Content -LiteralPath (Join-Path $RegistryFolder 'deploy/pods.yaml'), (Join-Path $RegistryFolder 'pods.json'), (Join-Path $RegistryFolder 'rendered.yaml') -Value $pods
        $answer = New-Object System.Management.Automation.PSCredential 'mirror', (ConvertTo-SecureString 'example' -AsPlainText -Force)
        Push-Location $RegistryFolder
    }

    AfterAll {
        Pop-Location
        $env:CONTAINERS_REGISTRIES_CONF = $previous.Config
        $env:DOCKER_CONFIG = $previous.Docker
        $env:REGISTRY_PASSWORD = $previous.Password
        $env:XDG_RUNTIME_DIR = $previous.Runtime
        $env:XDG_CONFIG_HOME = $previous.Home
        $env:REGISTRY_AUTH_FILE = $previous.AuthFile
        Close-TestRegistry
    }

    It '<place>, <title>' -ForEach $examples {
        # A file of its own: an example may end with exit.
        $file = Join-Path $RegistryFolder 'example.ps1'
        Set-Content -LiteralPath $file -Value "`$ErrorActionPreference = 'Stop'", $code.Replace('(Get-Credential)', '$answer')
        $global:LASTEXITCODE = 0
        $output = @(& $file 3>$null)
        $LASTEXITCODE | Should -Be 0
        if ($code -notlike 'Disconnect-*') { $output.Count | Should -BeGreaterThan 0 }
    }
}
