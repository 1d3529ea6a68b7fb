# Run without anybody to ask: a user name alone must not wait for a password.
param([string] $Registry)
Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force
try {
    Get-OciTag $Registry/x -Credential 'alice'
} catch {
    "$_"
    exit 3
}
exit 0
