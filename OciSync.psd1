@{
    RootModule           = if ($PSEdition -eq 'Core') { 'bin/net8.0/OciSync.PowerShell.dll' } else { 'bin/netstandard2.0/OciSync.PowerShell.dll' }
    ModuleVersion        = '0.1.0'
    GUID                 = 'b4a1b0a5-3c0e-4a6b-9d0f-5f0c2f6f7a11'
    Author               = 'OciSync contributors'
    CompanyName          = 'OciSync contributors'
    Copyright            = '(c) OciSync contributors. MIT License.'
    Description          = 'Copies, inspects and mirrors container images between registries from a PowerShell pipeline. No Docker, no skopeo, no WSL.'
    PowerShellVersion    = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess     = @('OciSync.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @('Get-OciManifestDigest')
    CmdletsToExport      = @(
        'Connect-OciRegistry'
        'Copy-OciImage'
        'Disconnect-OciRegistry'
        'Get-OciDigest'
        'Get-OciImageInfo'
        'Get-OciTag'
        'Sync-OciImage'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('container', 'image', 'registry', 'oci', 'docker', 'mirror', 'sync', 'skopeo', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/licenses/MIT'
            ReleaseNotes = 'See CHANGELOG.md in the module folder.'
        }
    }
}
