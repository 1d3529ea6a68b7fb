# For BeforeAll: the module, three registries ($open with the demo's images, $other without, $private for alice alone) and a folder of its own ($work).
# On Wine the registries are on Linux and come by the environment (tools/windows.ps1); on Windows they are started here. Close-Place in AfterAll.
param([string] $Name)

if ($env:OCISYNC_REGISTRIES) {
    Import-Module C:\module\OciSync
    $open, $other, $private = $env:OCISYNC_REGISTRIES -split ','
    function Close-TestRegistry { }
}
else {
    . (Join-Path $PSScriptRoot '../Pester/Registries.ps1')
    $open, $other, $private = (Open-TestRegistry), (Open-TestRegistry), (Open-TestRegistry '--user alice:s3cret')
    Initialize-TestRegistry $open
}

# Below the root of the drive where that may be: as many users have it.
$base = if ($env:OCISYNC_REGISTRIES) { 'C:\' } else { [System.IO.Path]::GetTempPath() }
$work = Join-Path $base "ocisync-$Name"
$null = New-Item -ItemType Directory -Path $work -Force
$small = "$open/pause:3.10"
$digest = (Get-OciDigest $small).Digest
Push-Location $work

function Close-Place {
    Pop-Location
    Close-TestRegistry

    # What Wine can't delete goes with its own folder.
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
}
