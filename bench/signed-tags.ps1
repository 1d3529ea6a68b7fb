# Many signed tags under a policy that demands a sigstore signature of each, and the same without it, in turn, each into a registry of its own.
param([int] $Pairs = 5, [int] $Tags = 200, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $Tags = 5 }

$http = [System.Net.Http.HttpClient]::new()

function Send-Content([string] $Method, [string] $Uri, [byte[]] $Body, [string] $Type) {
    $request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::new($Method), $Uri)
    $request.Content = [System.Net.Http.ByteArrayContent]::new($Body)
    $request.Content.Headers.ContentType = [System.Net.Http.Headers.MediaTypeHeaderValue]::new($Type)
    $answer = $http.SendAsync($request).GetAwaiter().GetResult()
    if (-not $answer.IsSuccessStatusCode) { throw "$Method $Uri was answered with $([int] $answer.StatusCode)." }
    $answer
}

function Get-Sha256([byte[]] $Content) {
    $hash = [System.Security.Cryptography.SHA256]::Create()
    'sha256:' + [BitConverter]::ToString($hash.ComputeHash($Content)).Replace('-', '').ToLowerInvariant()
}

# A blob into a repository; gives its descriptor without a type.
function Add-Blob([string] $Repository, [byte[]] $Content) {
    $digest = Get-Sha256 $Content
    $location = (Send-Content 'POST' "http://$Repository/blobs/uploads/" @() 'application/octet-stream').Headers.Location
    $upload = [Uri]::new([Uri] "http://$Repository/", $location).AbsoluteUri
    $null = Send-Content 'PUT' ($upload + $(if ($upload.Contains('?')) { '&' } else { '?' }) + "digest=$digest") $Content 'application/octet-stream'
    [ordered] @{ digest = $digest; size = $Content.Length }
}

# Signs a tag as cosign does: a tag beside it, whose layer is the text that was signed.
function Add-Signature([System.Security.Cryptography.ECDsa] $Key, [string] $Address, [string] $Name, [string] $Digest) {
    $parts = $Address, 'v2', $Name -join '/'
    $text = [System.Text.Encoding]::UTF8.GetBytes(
        '{"critical":{"identity":{"docker-reference":"' + "$Address/$Name" + '"},"image":{"docker-manifest-digest":"' + $Digest +
        '"},"type":"cosign container image signature"},"optional":null}')
    $der = [System.Security.Cryptography.DSASignatureFormat]::Rfc3279DerSequence
    $signature = [Convert]::ToBase64String($Key.SignData($text, [System.Security.Cryptography.HashAlgorithmName]::SHA256, $der))
    $layer = [ordered] @{ mediaType = 'application/vnd.dev.cosign.simplesigning.v1+json' } + (Add-Blob $parts $text)
    $layer.annotations = @{ 'dev.cosignproject.cosign/signature' = $signature }
    $config = [ordered] @{ mediaType = 'application/vnd.oci.image.config.v1+json' } + (Add-Blob $parts ([System.Text.Encoding]::UTF8.GetBytes('{}')))
    $type = 'application/vnd.oci.image.manifest.v1+json'
    $json = [ordered] @{ schemaVersion = 2; mediaType = $type; config = $config; layers = @($layer) } | ConvertTo-Json -Depth 5 -Compress
    $null = Send-Content 'PUT' "http://$parts/manifests/$($Digest.Replace(':', '-')).sig" ([System.Text.Encoding]::UTF8.GetBytes($json)) $type
}

try {
    $source = (Open-DockerRegistry).address
    $names = (1..$Tags | ForEach-Object { "1.$_.0" }) -join ','
    Add-BenchImage $source '--repository', 'bench/app', '--tags', $names, '--shared', '3', '--layers', '1', '--layer-size', '100000'
    $key = [System.Security.Cryptography.ECDsa]::Create([System.Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    foreach ($tag in 1..$Tags) { Add-Signature $key $source 'bench/app' (Get-OciDigest "$source/bench/app:1.$tag.0").Digest }

    $pem = [Convert]::ToBase64String($key.ExportSubjectPublicKeyInfo(), 'InsertLineBreaks')
    Set-Content (Join-Path $RegistryFolder 'key.pub') "-----BEGIN PUBLIC KEY-----`n$pem`n-----END PUBLIC KEY-----"
    $policy = Join-Path $RegistryFolder 'policy.json'
    Set-Content $policy '{"default": [{"type": "sigstoreSigned", "keyPath": "key.pub", "signedIdentity": {"type": "matchRepository"}}]}'
    $directory = New-Item -ItemType Directory -Path (Join-Path $RegistryFolder 'registries.d')
    Set-Content (Join-Path $directory 'all.yaml') 'default-docker: { use-sigstore-attachments: true }'

    # The column of the other program is here the same run without a policy: signatures are carried by both, and checked by one.
    $measured = @(Measure-Pair 'signed tags' $Pairs {
            $server = Open-DockerRegistry
            Measure-Here {
                Sync-OciImage -Source "$source/bench/app" -Include '1.*' -Destination "$($server.address)/x" -PolicyPath $policy `
                    -RegistriesDirectory $directory -WarningAction SilentlyContinue
            } 'Copied'
            Close-DockerRegistry $server
        } {
            $server = Open-DockerRegistry
            Measure-Here {
                Sync-OciImage -Source "$source/bench/app" -Include '1.*' -Destination "$($server.address)/x" -InsecurePolicy `
                    -RegistriesDirectory $directory -WarningAction SilentlyContinue
            } 'Copied'
            Close-DockerRegistry $server
        })

    Save-Bench 'signed-tags' -Smoke:$Smoke -Row (New-RatioRow "$Tags signed tags under a policy, to the same without" 1.5 $measured)
} finally {
    $http.Dispose()
    Close-Bench
}
