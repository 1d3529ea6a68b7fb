@{
    # One binary module a PowerShell edition; the form with if is the one about_Module_Manifests shows for editions.
    NestedModules = if ($PSEdition -eq 'Core') {
        'bin/net8.0/OciSync.PowerShell.dll'
    } else {
        'bin/netstandard2.0/OciSync.PowerShell.dll'
    }
    ModuleVersion = '0.1.0'
    GUID = 'b7a2f0d4-6f0e-4d5b-9a7c-3c1d2e8f4a61'
    Author = 'OciSync contributors'
    CompanyName = 'OciSync'
    Copyright = 'Copyright (c) OciSync contributors'
    Description = 'Copies and mirrors container images and other OCI artifacts between registries, from a PowerShell pipeline. No Docker, no skopeo, no WSL.'
    PowerShellVersion = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions = @('Desktop', 'Core')
    # The type data name a type of it, and are read before the nested module is: it chooses that module's native code for this system. A root module
    # would be loaded before both.
    RequiredAssemblies = 'bin/OciSync.Loader.dll'
    TypesToProcess = @('OciSync.Types.ps1xml')
    FormatsToProcess = @('OciSync.Format.ps1xml')
    CmdletsToExport = @(
        'Add-OciSignature'
        'Compare-OciImage'
        'Connect-OciRegistry'
        'Copy-OciImage'
        'Disconnect-OciRegistry'
        'Export-OciReport'
        'Export-OciMirrorConfig'
        'Export-OciSyncConfig'
        'Find-OciImage'
        'Get-OciDigest'
        'Get-OciImageInfo'
        'Get-OciRegistry'
        'Get-OciRegistryServer'
        'Get-OciRepository'
        'Get-OciSignature'
        'Get-OciTag'
        'Import-OciSyncConfig'
        'New-OciSigningKey'
        'Remove-OciImage'
        'Start-OciRegistryServer'
        'Stop-OciRegistryServer'
        'Sync-OciImage'
        'Test-OciImage'
        'Test-OciPolicy'
        'Test-OciRegistry'
        'Test-OciSignature'
        'Test-OciSyncConfig'
        'Update-OciImageReference'
    )
    FunctionsToExport = @()
    AliasesToExport = @('Get-OciManifestDigest')
    VariablesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = @(
                'container', 'oci', 'registry', 'docker', 'skopeo', 'mirror', 'image', 'sync'
                'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            LicenseUri = 'https://github.com/ocisync/OciSync/blob/main/LICENSE'
            ProjectUri = 'https://github.com/ocisync/OciSync'
            ReleaseNotes = 'See CHANGELOG.md: https://github.com/ocisync/OciSync/blob/main/CHANGELOG.md'
        }
    }
}
