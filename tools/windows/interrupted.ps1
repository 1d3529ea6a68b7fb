# On Windows: a copy that lasts until Ctrl+C. After a whole one there would be a file that says so.
param([string] $Source)
[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
Import-Module C:\module\OciSync
Copy-OciImage $Source oci:C:\interrupted:synthetic:1
Set-Content C:\run\whole 'yes'
