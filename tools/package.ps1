<#
.SYNOPSIS
    Makes the package that Install-PSResource and Install-Module take, from the staged module.
.DESCRIPTION
    Uses .NET where PowerShell's own commands would do, so that it also runs where those are missing.
.OUTPUTS
    The path of the package.
#>
[CmdletBinding()]
param(
    # The staged module.
    [string] $ModulePath,
    # Where the package goes.
    [string] $OutputFolder,
    # What it may have at most, in millions of bytes (docs/adr/0028).
    [double] $MaximumMegabytes = 30
)

$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetDirectoryName($PSScriptRoot)
if (-not $ModulePath) { $ModulePath = [IO.Path]::Combine($root, 'out', 'OciSync') }
if (-not $OutputFolder) { $OutputFolder = [IO.Path]::Combine($root, 'out') }
$ModulePath = [IO.Path]::GetFullPath($ModulePath)
$OutputFolder = [IO.Path]::GetFullPath($OutputFolder)
$manifestPath = [IO.Path]::Combine($ModulePath, 'OciSync.psd1')
if (-not [IO.File]::Exists($manifestPath)) {
    throw "There is no staged module at '$ModulePath': build first."
}

# Windows PowerShell has not loaded it yet; elsewhere this changes nothing.
$null = [Reflection.Assembly]::LoadWithPartialName('System.IO.Compression')

# Windows PowerShell's .NET has no smaller one than Optimal.
$smallest = [IO.Compression.CompressionLevel] $(if ([Enum]::IsDefined([IO.Compression.CompressionLevel], 'SmallestSize')) { 'SmallestSize' } else { 'Optimal' })

function ConvertTo-XmlText([string] $Text) { [Security.SecurityElement]::Escape($Text) }

function Get-PackageTag([hashtable] $Manifest) {
    'PSModule'
    $Manifest.PrivateData.PSData.Tags
    foreach ($edition in $Manifest.CompatiblePSEditions) { "PSEdition_$edition" }
    if ($Manifest.CmdletsToExport) { 'PSIncludes_Cmdlet' }
    foreach ($name in $Manifest.CmdletsToExport) { "PSCmdlet_$name"; "PSCommand_$name" }
}

function Get-Nuspec([hashtable] $Manifest, [string] $Version) {
    $data = $Manifest.PrivateData.PSData
    $seen = [Collections.Generic.HashSet[string]]::new()
    $tags = foreach ($tag in Get-PackageTag $Manifest) { if ($seen.Add($tag)) { $tag } }
    @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>OciSync</id>
    <version>$(ConvertTo-XmlText $Version)</version>
    <authors>$(ConvertTo-XmlText $Manifest.Author)</authors>
    <owners>$(ConvertTo-XmlText $Manifest.CompanyName)</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <license type="expression">MIT</license>
    <licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>
    <projectUrl>$(ConvertTo-XmlText $data.ProjectUri)</projectUrl>
    <description>$(ConvertTo-XmlText $Manifest.Description)</description>
    <releaseNotes>$(ConvertTo-XmlText $data.ReleaseNotes)</releaseNotes>
    <copyright>$(ConvertTo-XmlText $Manifest.Copyright)</copyright>
    <tags>$(ConvertTo-XmlText ($tags -join ' '))</tags>
  </metadata>
</package>
"@
}

function Get-CoreProperty([hashtable] $Manifest, [string] $Version) {
    @"
<?xml version="1.0" encoding="utf-8"?>
<coreProperties xmlns="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:creator>$(ConvertTo-XmlText $Manifest.Author)</dc:creator>
  <dc:description>$(ConvertTo-XmlText $Manifest.Description)</dc:description>
  <dc:identifier>OciSync</dc:identifier>
  <version>$(ConvertTo-XmlText $Version)</version>
</coreProperties>
"@
}

# Every part needs a type: by extension, or by name for files that have none.
function Get-ContentType([string[]] $Name) {
    $seen = [Collections.Generic.HashSet[string]]::new()
    $entries = foreach ($part in $Name) {
        $extension = [IO.Path]::GetExtension($part).TrimStart('.').ToLowerInvariant()
        if (-not $extension) {
            "  <Override PartName=""/$(ConvertTo-XmlText $part)"" ContentType=""application/octet-stream"" />"
        } elseif ($seen.Add($extension)) {
            "  <Default Extension=""$(ConvertTo-XmlText $extension)"" ContentType=""application/octet-stream"" />"
        }
    }
    @"
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />
  <Default Extension="psmdcp" ContentType="application/vnd.openxmlformats-package.core-properties+xml" />
  <Default Extension="nuspec" ContentType="application/octet-stream" />
$($entries -join "`n")
</Types>
"@
}

function Add-Part($Archive, [string] $Name, [byte[]] $Content) {
    $stream = $Archive.CreateEntry($Name, $smallest).Open()
    try { $stream.Write($Content, 0, $Content.Length) } finally { $stream.Dispose() }
}

function Add-TextPart($Archive, [string] $Name, [string] $Text) {
    Add-Part $Archive $Name ([Text.Encoding]::UTF8.GetBytes($Text.Replace("`r`n", "`n")))
}

# Import-PowerShellDataFile refuses the condition in NestedModules; the manifest is the repository's own.
$manifest = & ([scriptblock]::Create([IO.File]::ReadAllText($manifestPath)))
$version = $manifest.ModuleVersion
if ($manifest.PrivateData.PSData.Prerelease) { $version = "$version-$($manifest.PrivateData.PSData.Prerelease)" }

$files = [IO.Directory]::GetFiles($ModulePath, '*', [IO.SearchOption]::AllDirectories)
[Array]::Sort($files, [StringComparer]::Ordinal)
$start = $ModulePath.TrimEnd('\', '/').Length + 1
$parts = foreach ($file in $files) { $file.Substring($start).Replace('\', '/') }
$properties = 'package/services/metadata/core-properties/OciSync.psmdcp'
$relations = @"
<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/OciSync.nuspec" Id="R1" />
  <Relationship Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="/$properties" Id="R2" />
</Relationships>
"@

$null = [IO.Directory]::CreateDirectory($OutputFolder)
$package = [IO.Path]::Combine($OutputFolder, "OciSync.$version.nupkg")
$archive = [IO.Compression.ZipArchive]::new([IO.File]::Create($package), [IO.Compression.ZipArchiveMode]::Create)
try {
    Add-TextPart $archive '_rels/.rels' $relations
    Add-TextPart $archive 'OciSync.nuspec' (Get-Nuspec $manifest $version)
    for ($i = 0; $i -lt $files.Count; $i++) {
        Add-Part $archive $parts[$i] ([IO.File]::ReadAllBytes($files[$i]))
    }
    Add-TextPart $archive '[Content_Types].xml' (Get-ContentType $parts)
    Add-TextPart $archive $properties (Get-CoreProperty $manifest $version)
} finally {
    $archive.Dispose()
}

$megabytes = [IO.FileInfo]::new($package).Length / 1e6
if ($megabytes -gt $MaximumMegabytes) {
    throw "The package has $([Math]::Round($megabytes, 2)) MB, more than the $MaximumMegabytes that it may have: $package"
}

$package
