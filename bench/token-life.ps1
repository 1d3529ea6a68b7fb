# 200 tags, one after the other, and beside them one large blob over a slow link, between registries whose tokens live two seconds. Writes docs/bench/token-life.md.
param([int] $Tags = 200, [long] $Size = 1GB, [long] $BytesPerSecond = 32MB, [string] $OutputPath = (Join-Path $PSScriptRoot '../docs/bench/token-life.md'), [switch] $Smoke, [string] $Configuration = 'Release')

$ErrorActionPreference = 'Stop'
if ($Smoke) { $Tags = 5; $Size = 3MB; $BytesPerSecond = 1MB }
. (Join-Path $PSScriptRoot '../tests/Pester/Registries.ps1') -Configuration $Configuration

function Get-Record([string] $Address, [string] $What) {
    $client = [System.Net.Http.HttpClient]::new()
    $client.GetStringAsync("http://$Address/_control/$What").GetAwaiter().GetResult() | ConvertFrom-Json
    $client.Dispose()
}

try {
    $options = "--token --user alice:s3cret --token-lifetime 2 --rate $BytesPerSecond --discard-above 1048576"
    $source = Open-TestRegistry "$options --synthetic $Size"
    $destination = Open-TestRegistry $options
    $names = 1..$Tags | ForEach-Object { "1.$_" }
    $null = & dotnet $RegistryProgram seed $source --repository team/a --tags ($names -join ',') --shared-layers --layers 1 --user alice:s3cret
    if ($LASTEXITCODE -ne 0) { throw "The test registry could not be seeded ($LASTEXITCODE)." }
    $login = [pscredential]::new('alice', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
    $null = Connect-OciRegistry $source -Credential $login
    $null = Connect-OciRegistry $destination -Credential $login
    $before = @{ $source = @(Get-Record $source 'requests').Count; $destination = @(Get-Record $destination 'requests').Count }
    $told = [System.Collections.Generic.List[string]]::new()
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $rows = @(@("$source/synthetic:1") + @($names | ForEach-Object { "$source/team/a:$_" }) |
        Sync-OciImage -Destination "$destination/to" -ThrottleLimit 2 -Verbose 4>&1 | ForEach-Object {
            if ($_ -is [System.Management.Automation.VerboseRecord]) { $told.Add("$_") } else { $_ }
        })
    $seconds = $clock.Elapsed.TotalSeconds
    $failed = @($rows | Where-Object Status -ne 'Copied')
    if ($failed.Count -gt 0) { throw "$($failed.Count) failed: $($failed[0].Error)" }
    $large = $rows | Where-Object Source -like '*synthetic*'
    $retries = 0
    foreach ($row in $rows) { $retries += $row.RetryCount }
    $table = foreach ($registry in $source, $destination) {
        $all = @(Get-Record $registry 'requests')
        $new = @($all[$before.$registry..($all.Count - 1)])
        [pscustomobject] @{
            Name = if ($registry -eq $source) { 'source' } else { 'destination' }
            Requests = $new.Count
            Tokens = @($new | Where-Object path -eq '/token').Count
            Asked = @($new | Where-Object { $_.status -eq 401 -and $_.path -eq '/v2/' }).Count
            Refused = @($new | Where-Object { $_.status -eq 401 -and $_.path -ne '/v2/' }).Count
        }
    }

    $text = @(
        '# Tokens that live two seconds'
        ''
        "$Tags tags, one after the other, and beside them one blob of $([math]::Round($Size / 1GB, 2)) GB, from one embedded registry to another, each body at $([math]::Round($BytesPerSecond / 1MB)) MB/s, each token good for 2 s."
        'What a registry says of 401 at `/v2/` is how it asks for a login; elsewhere it is a token that was refused.'
        ''
        '| registry | requests | tokens given | 401 at /v2/ | 401 elsewhere |'
        '| --- | ---: | ---: | ---: | ---: |'
        foreach ($line in $table) { '| {0} | {1} | {2} | {3} | {4} |' -f $line.Name, $line.Requests, $line.Tokens, $line.Asked, $line.Refused }
        ''
        'Rows: {0} copied, 0 failed; attempts that had to be repeated: {1} (wanted: 0); verbose lines with 401: {2} (wanted: 0). The large blob took {3:0.0} s, the whole run {4:0.0} s.' -f
            $rows.Count, $retries, @($told | Where-Object { $_.Contains('401') }).Count, $large.Duration.TotalSeconds, $seconds
        'Taken on {0} processors, {1}, .NET {2}.' -f [Environment]::ProcessorCount, [Environment]::OSVersion.VersionString, [Environment]::Version
    )
    $text | ForEach-Object { [Console]::WriteLine($_) }
    if ($Smoke) { return }
    $null = New-Item -ItemType Directory -Force -Path ([System.IO.Path]::GetDirectoryName($OutputPath))
    Set-Content -Path $OutputPath -Value $text
} finally {
    Close-TestRegistry
}
