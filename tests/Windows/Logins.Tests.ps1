Describe 'Logins on Windows' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Place.ps1') -Name logins
        $before = $env:DOCKER_CONFIG, $env:PATH, $env:REGISTRY_AUTH_FILE
        $encoded = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('alice:s3cret'))
        $content = "{`"auths`":{`"$private`":{`"auth`":`"$encoded`"}}}"
        $env:DOCKER_CONFIG = "$work\docker"
        $null = New-Item -ItemType Directory -Path "$work\docker"
    }

    AfterAll {
        $env:DOCKER_CONFIG, $env:PATH, $env:REGISTRY_AUTH_FILE = $before
        Close-Place
    }

    AfterEach { Remove-Item "$work\docker\config.json" -ErrorAction SilentlyContinue }

    It 'are asked for and refused without one' {
        $row = Copy-OciImage $small "$private/a:1" -ErrorAction SilentlyContinue
        $row.ErrorId | Should -Be 'OciUnauthorized'
    }

    It 'are read from a file in <_>' -ForEach 'utf8NoBOM', 'utf8BOM', 'unicode', 'bigendianunicode' {
        Set-Content -Path "$work\auth.json" -Value $content -Encoding $_
        (Copy-OciImage $small "$private/$($_.ToLowerInvariant()):1" -AuthFilePath "$work\auth.json").Status | Should -Be 'Copied'
    }

    It 'are saved, used and removed' {
        $password = ConvertTo-SecureString 's3cret' -AsPlainText -Force
        Connect-OciRegistry $private -Credential ([pscredential]::new('alice', $password)) -Save
        Test-Path "$work\docker\config.json" | Should -BeTrue
        (Copy-OciImage $small "$private/saved:1").Status | Should -Be 'Copied'
        Disconnect-OciRegistry $private
        (Copy-OciImage $small "$private/saved:2" -ErrorAction SilentlyContinue).ErrorId | Should -Be 'OciUnauthorized'
    }

    It 'come from a helper that is a .cmd file' {
        $null = New-Item -ItemType Directory -Path "$work\bin" -Force
        $lines = '@echo off', 'if not "%1"=="get" exit /b 1', "echo {`"ServerURL`":`"$private`",`"Username`":`"alice`",`"Secret`":`"s3cret`"}"
        Set-Content -Path "$work\bin\docker-credential-mine.cmd" -Value $lines
        Set-Content -Path "$work\docker\config.json" -Value "{`"credHelpers`":{`"$private`":`"mine`"}}"
        $env:PATH = "$work\bin;$($env:PATH)"
        (Copy-OciImage $small "$private/helped:1").Status | Should -Be 'Copied'
    }
}
