Describe 'Several processes on Windows' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Place.ps1') -Name writers
        $shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
        $module = (Get-Module OciSync).Path

        # The child shares our terminal; what it did is what its file says.
        function Start-Shell([string] $Name, [string] $Text) {
            Set-Content -Path "$work\$Name.ps1" -Value "Import-Module '$module'; `$ErrorActionPreference = 'Stop'; Set-Location '$work'; $Text | Set-Content '$work\$Name.out'"
            $start = [System.Diagnostics.ProcessStartInfo]::new($shell)
            foreach ($word in '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', "$work\$Name.ps1") { $start.ArgumentList.Add($word) }
            $start.UseShellExecute = $false
            [System.Diagnostics.Process]::Start($start)
        }

        function Wait-Shell([System.Diagnostics.Process[]] $Process) {
            foreach ($one in $Process) {
                if (-not $one.WaitForExit(120000)) {
                    $one.Kill()
                    throw 'A process did not end.'
                }
            }
        }
    }

    AfterAll { Close-Place }

    It 'write into one layout at once while it is read' {
        $writers = foreach ($name in 'one', 'two') { Start-Shell $name "(1..20 | ForEach-Object { Copy-OciImage $small ('oci:shared:$name' + ':' + `$_) }).Status" }
        $faults = @()
        for ($i = 0; $i -lt 1000 -and @($writers | Where-Object { -not $_.HasExited }).Count -gt 0; $i++) {
            if (Test-Path "$work\shared\index.json") { $null = Get-OciTag "oci:$work\shared" -ErrorAction SilentlyContinue -ErrorVariable +faults }
        }
        Wait-Shell $writers
        $faults | Should -BeNullOrEmpty
        foreach ($name in 'one', 'two') { Get-Content "$work\$name.out" | Should -Be (@('Copied') * 20) }
        $checked = @(Test-OciImage -Path "$work\shared")
        $checked.Count | Should -Be 40
        $checked.Status | Select-Object -Unique | Should -Be 'Whole'
        @(Get-ChildItem "$work\shared" -Filter '.ocisync-*.tmp' -Recurse -Force).Count | Should -Be 0
    }

    It 'save logins at once, and none gets lost' {
        $shells = foreach ($name in 'login1', 'login2') {
            Start-Shell $name @"
& {
    `$login = [pscredential]::new('alice', (ConvertTo-SecureString s3cret -AsPlainText -Force))
    1..8 | ForEach-Object { `$null = Connect-OciRegistry "$private/$name/`$_" -Credential `$login -Save -AuthFilePath '$work\auth.json' }
    'done'
}
"@
        }

        Wait-Shell $shells
        1..2 | ForEach-Object { Get-Content "$work\login$_.out" | Select-Object -Last 1 | Should -Be 'done' }
        @((Get-Content -Raw "$work\auth.json" | ConvertFrom-Json).auths.PSObject.Properties).Count | Should -Be 16
    }
}
