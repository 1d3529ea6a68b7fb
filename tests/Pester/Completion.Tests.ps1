# What Tab offers behind -Source, -Reference and -Destination.

Describe 'Completion' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $a --repository app --tags '1.2.0,1.10.0,1.9.0,latest'
        $null = Get-OciTag $a/app
        foreach ($folder in 'images', 'im ages') { $null = New-Item -ItemType Directory -Path (Join-Path $TestDrive $folder) }
        Set-Content (Join-Path $TestDrive 'all.tar') -Value 'x'
        Push-Location $TestDrive
        $slash = [System.IO.Path]::DirectorySeparatorChar

        function Get-Completion([string] $Line) {
            @((TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches | ForEach-Object { $_.CompletionText })
        }
    }

    AfterAll {
        Pop-Location
        Close-TestRegistry
    }

    It 'offers seen versions in their order' {
        Get-Completion "Copy-OciImage $a/app:" | Should -Be @('latest', '1.2.0', '1.9.0', '1.10.0' | ForEach-Object { "$a/app:$_" })
        (Get-Completion "Get-OciImageInfo $a/ap")[0] | Should -Be "$a/app"
    }

    It 'offers files behind <Line>' -ForEach @(
        @{ Line = 'Get-OciImageInfo oci:ima'; Found = 'oci:.{0}images' }
        @{ Line = 'Copy-OciImage x oci:ima'; Found = 'oci:.{0}images' }
        @{ Line = 'Sync-OciImage -Source dir:ima'; Found = 'dir:.{0}images' }
        @{ Line = 'Sync-OciImage oci:ima'; Found = 'oci:.{0}images' }
        @{ Line = 'Copy-OciImage docker-archive:al'; Found = 'docker-archive:.{0}all.tar' }
        @{ Line = 'Get-OciDigest oci-archive:al'; Found = 'oci-archive:.{0}all.tar' }
        @{ Line = 'Test-OciImage tarball:al'; Found = 'tarball:.{0}all.tar' }
        @{ Line = "Copy-OciImage 'oci:im "; Found = "'oci:.{0}im ages'" }
        @{ Line = 'Get-OciTag oci:ima'; Found = 'oci:.{0}images' }
        @{ Line = 'Remove-OciImage oci:ima'; Found = 'oci:.{0}images' }
    ) {
        Get-Completion $Line | Should -Be ($Found -f $slash)
    }

    It 'puts a path with a space in quotes' {
        Get-Completion 'Copy-OciImage oci:im' | Should -Be @("'oci:.${slash}im ages'", "oci:.${slash}images")
    }

    It 'offers transports by their first letters' {
        Get-Completion 'Copy-OciImage oci' | Should -Be @('oci:', 'oci-archive:')
    }
}
