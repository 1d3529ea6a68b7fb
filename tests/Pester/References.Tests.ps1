# Names in files, changed to the mirror's and back, as users do it.

Describe 'Update-OciImageReference' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.psd1') -Force
        $digest = 'sha256:' + ('1' * 64)
        $rows = @(
            [pscustomobject] @{ Source = 'docker.io/a/b:1'; Destination = 'm.test/hub/a/b:1'; Status = 'Copied'; Digest = $digest; SourceDigest = $digest }
            [pscustomobject] @{ Source = 'docker.io/c/d:1'; Destination = 'm.test/hub/c/d:1'; Status = 'Failed' }
            [pscustomobject] @{ Source = 'docker.io/e/f:1'; Destination = 'm.test/hub/e/f:1'; Status = 'Skipped'; DueTime = [datetimeoffset]::UtcNow }
        )
        $pod = "apiVersion: v1`nkind: Pod`nmetadata: {name: p}`nspec:`n  containers:`n  - name: x`n    image: a/b:1 # keep`n  - name: y`n    image: 'c/d:1'`n  - name: z`n    image: e/f:1`n"
    }

    BeforeEach {
        Push-Location (New-Item -ItemType Directory -Path (Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))))
        [IO.File]::WriteAllText((Join-Path $PWD 'pod.yaml'), $pod)
    }

    AfterEach { Pop-Location }

    It 'changes what is at the mirror, says why not of the rest, and takes it back' {
        $changed = @(Update-OciImageReference pod.yaml -Mirror $rows -UndoPath undo.json)
        $changed.Status | Should -Be @('Changed', 'Skipped', 'Skipped')
        $changed[0].Line | Should -Be 7
        "$($changed[1].Reason)" | Should -BeLike '*no image of this repository*'
        [IO.File]::ReadAllText((Get-Item pod.yaml).FullName) | Should -BeExactly $pod.Replace('a/b:1 #', 'm.test/hub/a/b:1 #')
        @(Update-OciImageReference pod.yaml -Mirror $rows -UndoPath again.json).Status | Should -Be @('UpToDate', 'Skipped', 'Skipped')
        Test-Path again.json | Should -BeFalse
        (Update-OciImageReference -Undo undo.json).Status | Should -Be 'Restored'
        [IO.File]::ReadAllText((Get-Item pod.yaml).FullName) | Should -BeExactly $pod
    }

    It 'shows with -WhatIf what would change, and changes nothing' {
        Start-Transcript -Path log.txt | Out-Null
        try { $null = Update-OciImageReference pod.yaml -Mirror $rows -WhatIf } finally { Stop-Transcript | Out-Null }
        $said = Get-Content -Raw log.txt
        $said | Should -BeLike '*@@ line 7 @@*'
        $said | Should -BeLike '*-    image: a/b:1 # keep*+    image: m.test/hub/a/b:1 # keep*'
        $changed = @(Update-OciImageReference pod.yaml -Mirror $rows -WhatIf)
        $changed[0].Status | Should -Be 'WouldChange'
        [IO.File]::ReadAllText((Get-Item pod.yaml).FullName) | Should -BeExactly $pod
        Get-ChildItem -Filter *.json | Should -BeNullOrEmpty
    }

    It 'pins, in folders too' {
        $null = New-Item -ItemType Directory -Path deploy/one
        Move-Item pod.yaml deploy/one/pod.yaml
        $null = Update-OciImageReference deploy -Recurse -Mirror $rows -Pin -UndoPath undo.json
        Get-Content -Raw deploy/one/pod.yaml | Should -BeLike "*image: m.test/hub/a/b:1@$digest # keep*"
    }

    It 'writes a component of kustomize in place of changing files' {
        (Update-OciImageReference pod.yaml -Mirror $rows -KustomizePath mirror/kustomization.yaml).Name | Should -Be 'kustomization.yaml'
        (Get-Content mirror/kustomization.yaml)[1..5] | Should -Be @(
            'apiVersion: kustomize.config.k8s.io/v1alpha1', 'kind: Component', 'images:', '- name: a/b', '  newName: m.test/hub/a/b')
        [IO.File]::ReadAllText((Get-Item pod.yaml).FullName) | Should -BeExactly $pod
        $null = Update-OciImageReference pod.yaml -Mirror $rows -KustomizePath mirror/kustomization.yaml -Pin
        Get-Content mirror/kustomization.yaml | Should -Contain "  digest: $digest"
        Set-Content other.yaml 'kind: Kustomization'
        { Update-OciImageReference pod.yaml -Mirror $rows -KustomizePath other.yaml -ErrorAction Stop } | Should -Throw '*not of Update-OciImageReference*'
    }

    It 'restores nothing when a file has changed since' {
        $null = Update-OciImageReference pod.yaml -Mirror $rows -UndoPath undo.json
        Add-Content pod.yaml '# more'
        { Update-OciImageReference -Undo undo.json -ErrorAction Stop } | Should -Throw '*has changed since*'
    }

    It 'changes nothing where a file is missing' {
        $null = Update-OciImageReference pod.yaml, none.yaml -Mirror $rows -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'OciFileNotFound,*'
        [IO.File]::ReadAllText((Get-Item pod.yaml).FullName) | Should -BeExactly $pod
    }
}
