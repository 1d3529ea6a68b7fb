# On Windows: a copy that lasts until Ctrl+C.
param([string] $Source)
[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
Import-Module C:\module\OciSync
Copy-OciImage $Source oci:C:\interrupted:synthetic:1
