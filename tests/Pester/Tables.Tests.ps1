# The module's tables as PowerShell draws them, at 80 and at 120 columns.

Describe 'Tables' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $b = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $a --repository team/pause --tags '3.9,3.10' --platforms linux/amd64,linux/arm64,linux/arm/v7,linux/ppc64le,linux/s390x
        $style = if ($PSVersionTable.PSVersion.Major -ge 7) { $PSStyle.OutputRendering; $PSStyle.OutputRendering = 'PlainText' }

        # Lines without the spaces at their ends, and without empty ones around.
        function Get-Table([object[]] $Row, [int] $Width) {
            $lines = ($Row | Format-Table | Out-String -Width $Width) -split '\r?\n' | ForEach-Object { $_.TrimEnd() }
            ($lines -join "`n").Trim("`n")
        }

        # A row as the commands give it, with texts of the test's choice.
        function New-Row([string] $Type, [hashtable] $Values) {
            $row = [pscustomobject] $Values
            $row.PSObject.TypeNames.Insert(0, $Type)
            $row
        }

        $long = 'registry.corp.local/mirror/kubernetes/kube-controller-manager'
        $digest = 'sha256:' + ('0123456789abcdef' * 4)
        $reason = "'docker.io/library/nothing:1' does not exist. Get-OciTag docker.io/library/nothing lists the tags there are."
        $rows = @{
            OciTag = @(
                New-Row OciSync.Core.Tags.OciTag @{ Repository = 'library/alpine'; Tag = '3.23.4'; Version = '3.23.4'; Family = '' }
                New-Row OciSync.Core.Tags.OciTag @{ Repository = 'kubernetes/kube-controller-manager'; Tag = 'RELEASE.2025-09-07T16-13-09Z-cpuv1'; Version = '1'; Family = '-alpine' }
            )
            OciImageInfo = @(
                New-Row OciSync.Core.Inspection.OciImageInfo @{
                    Name = 'registry.k8s.io/pause'; Tag = '3.10'; Platforms = 'linux/amd64', 'linux/arm64', 'linux/arm/v7', 'linux/ppc64le', 'linux/s390x'
                    Size = 1234567; Created = [datetime]'2026-01-02'; Digest = $digest
                }
                New-Row OciSync.Core.Inspection.OciImageInfo @{ Name = $long; Tag = $null; Platforms = @(); Size = 12; Created = $null; Digest = $digest }
            )
            OciSyncResult = @(
                New-Row OciSync.Core.Rows.OciSyncResult @{
                    Status = 'Copied'; Source = 'registry.k8s.io/pause:3.10'; Destination = 'registry.corp.local/mirror/pause:3.10'; Error = $null
                    BytesCopied = 987654321; Duration = [timespan]::FromSeconds(12.34)
                }
                New-Row OciSync.Core.Rows.OciSyncResult @{
                    Status = 'Failed'; Source = 'docker.io/library/nothing:1'; Destination = "$long`:v1.30.0"; Error = $reason; BytesCopied = 0; Duration = [timespan]::Zero
                }
                New-Row OciSync.Core.Rows.OciSyncResult @{ Status = 'WouldPrune'; Source = ''; Destination = 'r.test/m:1'; Error = $null; BytesCopied = 0; Duration = [timespan]::Zero }
            )
            OciImageCheck = @(
                New-Row OciSync.Core.Checking.OciImageCheck @{ Status = 'Broken'; Reference = "$long`:v1.30.0"; Blobs = 15; Fault = @('x'); Expected = @() }
            )
            OciRepository = @(
                New-Row OciSync.Core.Inspection.OciRepository @{ Registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'; Repository = 'team/app' }
            )
            OciRemovedImage = @(
                New-Row OciSync.Core.Removing.OciRemovedImage @{ Reference = 'r.test/app:1'; Digest = $digest; AlsoRemoved = 'r.test/app:latest', 'r.test/app:stable' }
            )
            OciDigest = @(New-Row OciSync.PowerShell.Output.OciDigest @{ Reference = 'registry.k8s.io/pause:3.10'; Path = $null; Digest = $digest })
            OciRegistryConnection = @(
                New-Row OciSync.PowerShell.Output.OciRegistryConnection @{
                    Registry = 'registry.cn-hangzhou.aliyuncs.com'; Username = 'robot$mirror'; Source = '/home/someone/.docker/config.json'; RateRemaining = 87
                }
            )
            OciRegistryServer = @(
                New-Row OciSync.Core.Serving.OciRegistryServer @{
                    Uri = 'https://mirror.corp.local:5000/'; IsRunning = $true; Images = 12345; Requests = 1234567; Path = '/srv/carry/kubernetes/mirror-of-everything'
                }
            )
            OciServedRequest = @(
                New-Row OciSync.Core.Serving.OciServedRequest @{
                    Time = [datetimeoffset]::new([datetime]'2026-01-02T03:04:05'); Client = '192.168.100.200'; Method = 'GET'; Status = 206; Bytes = 1073741824
                    Path = "/v2/docker.io/library/alpine/blobs/$digest"
                }
            )
            OciRegistryCheck = @(
                New-Row OciSync.Core.Diagnosis.OciRegistryCheck @{
                    Step = 'Tls'; Result = 'Failed'; Duration = [timespan]::FromSeconds(0.2); Detail = "The certificate of 'registry.corp.local' is not trusted here."
                    Remedy = 'Connect-OciRegistry registry.corp.local -CertificatePath <CA file>, or certs.d/registry.corp.local/ca.crt'
                }
            )
            OciPolicyCheck = @(
                New-Row OciSync.Core.Signing.OciPolicyCheck @{
                    Decision = 'NeedsSignature'; Scope = 'registry.corp.local/mirror/kubernetes'; Reference = "$long`:v1.30.0"
                    Reason = 'a signature is needed: signedBy (/etc/pki/containers/corp.gpg; matchRepository)'
                }
                New-Row OciSync.Core.Signing.OciPolicyCheck @{ Decision = 'Accept'; Scope = '""'; Reference = 'quay.io/a:1'; Reason = 'insecureAcceptAnything asks for no signature' }
            )
            OciChangedReference = @(
                New-Row OciSync.Core.Rewriting.OciChangedReference @{
                    Status = 'Changed'; File = '/srv/deploy/pod.yaml'; Line = 12; Source = 'docker.io/library/alpine:3.23.4'; Reason = $null
                    Mirror = 'registry.corp.local/mirror/docker.io/library/alpine:3.23.4'
                }
                New-Row OciSync.Core.Rewriting.OciChangedReference @{
                    Status = 'Skipped'; File = '/srv/deploy/pod.yaml'; Line = 20; Source = 'quay.io/a/b:1'; Mirror = $null; Reason = 'the mirror has other tags of this repository'
                }
            )
            OciPlanCost = @(
                New-Row OciSync.Core.Rows.OciPlanCost @{
                    Registry = 'docker.io'; Images = 406; Pulls = 812; Requests = 3120; Bytes = 98765432100; Duration = [timespan]'1.00:21:36'
                }
                New-Row OciSync.Core.Rows.OciPlanCost @{
                    Registry = 'registry.cn-hangzhou.aliyuncs.com'; Images = 1; Pulls = 3; Requests = 9; Bytes = 12; Duration = $null
                }
            )
            OciFoundImage = @(
                New-Row OciSync.Core.Finding.Facts.OciFoundImage @{ IsCertain = $true; Reference = 'docker.io/library/alpine:3.23.4'; File = '/srv/deploy/pod.yaml'; Line = 12 }
                New-Row OciSync.Core.Finding.Facts.OciFoundImage @{
                    IsCertain = $false; Reference = ''; Text = 'app:${TAG}'; Reason = 'TAG has no value'; File = $null; Line = 3; Kind = 'Pod'; Name = 'web'
                }
                New-Row OciSync.Core.Finding.Facts.OciFoundImage @{ IsCertain = $true; Reference = "$long`:v1.34.0@$digest"; File = '/srv/deploy/values.yaml'; Line = 7 }
            )
            OciSignatureCheck = @(
                New-Row OciSync.Core.Trust.OciSignatureCheck @{
                    Status = 'Trusted'; Part = 'platform'; Platform = 'linux/arm64'; Reference = "${long}:v1.34.0"; Signer = 'ABCDEF0123', 'sha256:77'; Reason = ''
                }
                New-Row OciSync.Core.Trust.OciSignatureCheck @{
                    Status = 'Unsigned'; Part = 'image'; Platform = $null; Reference = 'quay.io/a:1'; Signer = @(); Reason = 'a signature (sigstore) is required, and there is none'
                }
            )
            OciAddedSignature = @(
                New-Row OciSync.Core.Trust.OciAddedSignature @{ Status = 'Added'; Part = 'index'; Platform = $null; Reference = "${long}:v1.34.0"; Signer = 'sha256:77 (ECDSA P-256)' }
                New-Row OciSync.Core.Trust.OciAddedSignature @{ Status = 'UpToDate'; Part = 'platform'; Platform = 'linux/arm64'; Reference = 'quay.io/a:1'; Signer = 'ABCDEF0123' }
            )
            OciSigningKey = @(
                New-Row OciSync.Core.Signing.Keys.OciSigningKey @{
                    Kind = 'ECDSA P-256'; PrivateKeyPath = '/home/someone/keys/team.key'; PublicKeyPath = '/home/someone/keys/team.pub'; Fingerprint = $digest
                }
            )
            SyncFileMistake = @(
                New-Row OciSync.Core.Yaml.SyncFileMistake @{
                    Path = '/srv/mirror/sync.yaml'; Line = 12; Column = 5; Message = "'latst' is no key of an entry; 'latest' is."
                }
            )
            OciSignature = @(
                New-Row OciSync.Core.Trust.OciSignature @{
                    Kind = 'Sigstore'; Reference = 'quay.io/a:1'; Platform = 'linux/amd64'; Identity = 'quay.io/a:1'; KeyId = 'sha256:0123456789abcdef'; Fault = $null
                }
                New-Row OciSync.Core.Trust.OciSignature @{ Kind = 'OpenPgp'; Reference = 'quay.io/b:1'; Platform = $null; Identity = ''; KeyId = ''; Fault = 'it is no message' }
            )
            OciMirrorFile = @(
                New-Row OciSync.Core.MirrorFiles.OciMirrorFile @{
                    Status = 'WouldWrite'; Fallback = $true; Path = '/etc/containerd/certs.d/docker.io/hosts.toml'; Source = 'docker.io'
                    Mirror = 'https://registry.corp.local/v2/mirror/docker.io'
                }
            )
        }
        $expected = Get-Content -Raw (Join-Path $PSScriptRoot '../data/tables.txt')
    }

    AfterAll {
        if ($style) { $PSStyle.OutputRendering = $style }
        Close-TestRegistry
    }

    It 'of <_> is as it is pinned at 80 and 120 columns' -ForEach @(
        'OciTag', 'OciImageInfo', 'OciSyncResult', 'OciImageCheck', 'OciRepository', 'OciRemovedImage', 'OciDigest', 'OciRegistryConnection', 'OciRegistryCheck', 'OciPolicyCheck', 'OciMirrorFile', 'OciPlanCost', 'OciChangedReference', 'OciRegistryServer', 'OciServedRequest', 'OciFoundImage', 'OciSignatureCheck', 'OciAddedSignature', 'OciSignature', 'OciSigningKey', 'SyncFileMistake'
    ) {
        foreach ($width in 80, 120) {
            $pinned = [regex]::Match($expected, "(?s)=== $_ $width\r?\n(.*?)\r?\n(?==== |\z)").Groups[1].Value -replace "\r", ''
            Get-Table $rows[$_] $width | Should -Be $pinned.TrimEnd("`n")
        }
    }

    It 'are pinned for every view there is' {
        $format = [xml](Get-Content -Raw (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.Format.ps1xml'))
        $format.Configuration.ViewDefinitions.View.Name | Sort-Object | Should -Be ($rows.Keys | Sort-Object)
    }

    # Of a type with at most four properties PowerShell makes a table by itself, and puts all other rows of the same script into its columns, where they are empty.
    It 'are there for every small type that a command gives' {
        $format = [xml](Get-Content -Raw (Join-Path $PSScriptRoot '../../out/OciSync/OciSync.Format.ps1xml'))
        $views = $format.Configuration.ViewDefinitions.View.ViewSelectedBy.TypeName
        $small = (Get-Command -Module OciSync).OutputType.Type | Where-Object { $_.Namespace -like 'OciSync.*' -and $_.GetProperties().Count -le 4 } | Sort-Object FullName -Unique
        @($small).Count | Should -BeGreaterThan 1
        $small | Where-Object FullName -NotIn $views | Should -BeNullOrEmpty
    }

    It 'of what the commands give are whole at <_> columns' -ForEach 80, 120 {
        $info = @(Get-OciImageInfo $a/team/pause:3.9, $a/team/pause:3.10)
        $table = Get-Table $info $_
        foreach ($image in $info) { $table | Should -BeLike "*$($image.Name):$($image.Tag) *KB $($image.Created.ToString('yyyy-MM-dd')) $($image.Digest.Substring(7, 12))*" }
        $table | Should -BeLike '*linux/arm/v7,*linux/s390x*'

        $copied = @("$a/team/pause:3.9", "$a/team/pause:3.10" | Sync-OciImage $b/mirror)
        $table = Get-Table $copied $_
        foreach ($row in $copied) {
            $table.Contains("  $($row.Source) ") | Should -BeTrue
            $table.Contains("> $($row.Destination)`n") -or $table.EndsWith("> $($row.Destination)") | Should -BeTrue
        }
        Get-Table (Get-OciDigest $a/team/pause:3.9) $_ | Should -BeLike "*$($info[0].Digest)*"
        ((Get-Table @(Test-OciRegistry $a) $_) -split "`n").Length | Should -BeGreaterThan 10
    }

    It 'are the same for rows that were kept as Clixml' {
        $copied = @("$a/team/pause:3.9" | Sync-OciImage $b/kept)
        $file = Join-Path $TestDrive 'rows.xml'
        $copied | Export-Clixml -Path $file
        Get-Table @(Import-Clixml -Path $file) 80 | Should -Be (Get-Table $copied 80)
    }
}

Describe 'Objects as text' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $a = Open-TestRegistry
        $null = & dotnet $RegistryProgram seed $a --repository app --tags '1.0.0' --platforms linux/amd64,linux/arm64
        $info = Get-OciImageInfo $a/app:1.0.0
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'an image is whole JSON without -Depth' {
        $warnings = @()
        $json = $info | ConvertTo-Json -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be 0
        $json | Should -Not -BeLike '*System.*'
        $back = $json | ConvertFrom-Json
        $back.LayersData[0].Digest | Should -Be $info.Layers[0]
        $back.LayersData[0].Annotations | Should -BeNullOrEmpty
        $back.Platforms | Should -Be @('linux/amd64', 'linux/arm64')
        $json | Should -Be ($info | ConvertTo-Json -Depth 9)
    }

    It 'lists of an image are texts in CSV' {
        $file = Join-Path $TestDrive 'image.csv'
        $info | Export-Csv -Path $file -NoTypeInformation
        Get-Content -Raw $file | Should -Not -BeLike '*System.*'
        $back = Import-Csv -Path $file
        $back.Platforms | Should -Be 'linux/amd64, linux/arm64'
        $back.Layers | Should -Be ($info.Layers -join ', ')
        $back.LayersData | Should -Be ($info.Layers -join ', ')
        $back.Labels | Should -Be 'org.opencontainers.image.title=test'
    }

    It 'lists of rows, checks and entries are texts in CSV' {
        $yaml = Join-Path $TestDrive 'sync.yaml'
        Set-Content $yaml -Value 'ocisync: 1', 'images:', "  $a/app: { tags: ['1.0.0', '1.1.0'], platforms: [linux/amd64, linux/arm64] }"
        $csv = @(
            "$a/app:1.0.0" | Sync-OciImage $a/copy | ConvertTo-Csv -NoTypeInformation
            Test-OciImage $a/app:1.0.0 | ConvertTo-Csv -NoTypeInformation
            Import-OciSyncConfig $yaml | ConvertTo-Csv -NoTypeInformation
        ) -join "`n"
        $csv | Should -BeLike '*"linux/amd64, linux/arm64"*'
        $csv | Should -BeLike '*"1.0.0, 1.1.0"*'
        $csv | Should -Not -BeLike '*`[`]*'
    }

    It 'lists are like arrays everywhere else' {
        $info.Platforms.Count | Should -Be 2
        $info.Platforms.Length | Should -Be 2
        $info.Platforms[-1] | Should -Be 'linux/arm64'
        $info.Platforms -contains 'linux/amd64' | Should -BeTrue
        ($info.Platforms + 'x').Count | Should -Be 3
        $info.Platforms -join '|' | Should -Be 'linux/amd64|linux/arm64'
        [string[]] $texts = $info.Platforms
        $texts.Count | Should -Be 2
        $info.Labels['org.opencontainers.image.title'] | Should -Be 'test'
    }
}
