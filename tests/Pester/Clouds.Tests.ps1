# The one-liners of docs/clouds.md, each carried out against a server that plays the cloud's registry. (Azure's exchange: AzureTokenTests of the engine.)

BeforeAll {
    . (Join-Path $PSScriptRoot 'Registries.ps1')
    $page = Get-Content -Raw (Join-Path $PSScriptRoot '../../docs/clouds.md')
    $lines = @([regex]::Matches($page, '(?ms)^```powershell\r?\n(.+?)\r?\n```') | ForEach-Object { $_.Groups[1].Value })
    $ecr = Open-TestRegistry '--user AWS:of-ecr-12 --token'
    $google = Open-TestRegistry '--user oauth2accesstoken:of-google-1 --token'
    $github = Open-TestRegistry '--user token:of-github-1 --token'
    $places = Join-Path $RegistryFolder 'clouds.conf'
    $entries = @{ '123456789012.dkr.ecr.eu-central-1.amazonaws.com' = $ecr; 'europe-docker.pkg.dev' = $google; 'ghcr.io' = $github }
    Set-Content -LiteralPath $places -Value @($entries.GetEnumerator() | ForEach-Object { '[[registry]]', "prefix = `"$($_.Key)`"", "location = `"$($_.Value)`"", 'insecure = true' })
    $previous = $env:CONTAINERS_REGISTRIES_CONF, $env:GITHUB_TOKEN
    $env:CONTAINERS_REGISTRIES_CONF = $places
    $env:GITHUB_TOKEN = 'of-github-1'
    function global:aws { if ("$args" -eq 'ecr get-login-password') { 'of-ecr-12' } }
    function global:Get-ECRLoginCommand { [pscustomobject] @{ Password = 'of-ecr-12' } }
    function global:gcloud { if ("$args" -eq 'auth print-access-token') { 'of-google-1' } }
    function Find-Line([string] $Text) { @($lines | Where-Object { $_ -like "*$Text*" }) }
}

AfterAll {
    $env:CONTAINERS_REGISTRIES_CONF, $env:GITHUB_TOKEN = $previous
    'aws', 'Get-ECRLoginCommand', 'gcloud' | ForEach-Object { Remove-Item "function:global:$_" -ErrorAction SilentlyContinue }
    Disconnect-OciRegistry -All
    Close-TestRegistry
}

Describe 'The registries of the clouds' {
    It 'take the login of the page: <name>' -ForEach @(
        @{ Name = 'ECR by AWS.Tools'; Text = 'Get-ECRLoginCommand'; User = 'AWS' }
        @{ Name = 'ECR by the CLI'; Text = 'aws ecr'; User = 'AWS' }
        @{ Name = 'Google'; Text = 'gcloud'; User = 'oauth2accesstoken' }
        @{ Name = 'GitHub'; Text = 'ghcr.io'; User = 'token' }
    ) {
        $found = @(Find-Line $Text)
        $found.Count | Should -Be 1
        (Invoke-Expression $found[0]).Username | Should -Be $User
    }

    It 'refuse a wrong token, and say nothing of it' {
        $env:GITHUB_TOKEN = 'wr0ng-t0ken'
        try { { Invoke-Expression "$(Find-Line 'ghcr.io') -ErrorAction Stop" } | Should -Throw -ErrorId 'OciUnauthorized*' }
        finally { $env:GITHUB_TOKEN = 'of-github-1' }
        "$($Error[0])" | Should -Not -BeLike '*wr0ng*'
    }

    It 'name a variable that is not set' {
        { Connect-OciRegistry ghcr.io -Token '' } | Should -Throw '*the token is empty*'
    }

    It 'get an access token of Azure only where they are Azure''s, as text or not' {
        { Connect-OciRegistry $ecr -AzureAccessToken 'a.b.c' -ErrorAction Stop } | Should -Throw -ErrorId 'OciReferenceInvalid*'
        { Connect-OciRegistry azurecr.io.example.com -AzureAccessToken (ConvertTo-SecureString 'x' -AsPlainText -Force) -ErrorAction Stop } |
            Should -Throw '*none of Azure*'
        { Connect-OciRegistry name.azurecr.io -AzureAccessToken 'x' -Save } | Should -Throw -ErrorId 'OciCredentialAmbiguous*'
    }

    It 'say when an access token of Azure has ended, without sending it' {
        $claims = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes('{"exp":1000000000}')).TrimEnd('=')
        $secure = ConvertTo-SecureString "e30.$claims.x" -AsPlainText -Force
        { Connect-OciRegistry $github -Token $secure -ErrorAction Stop } | Should -Throw '*has ended at*'
    }
}
