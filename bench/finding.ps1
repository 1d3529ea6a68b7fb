# Images in 5,000 manifests, in one file and in a file each: seconds of Find-OciImage in a new shell, and its memory.
param([int] $Pairs = 5, [int] $Documents = 5000, [switch] $Smoke, [string] $Configuration = 'Release')

. (Join-Path $PSScriptRoot 'lib/Bench.ps1') -Configuration $Configuration
if ($Smoke) { $Pairs = 1; $Documents = 20 }

# A Deployment of some four kilobytes with four containers, as charts write them.
function Get-Manifest([int] $Number) {
    $text = [System.Text.StringBuilder]::new()
    $null = $text.Append("apiVersion: apps/v1`nkind: Deployment`nmetadata:`n  name: app-$Number`n  namespace: default`n  labels:`n")
    foreach ($label in 'name', 'instance', 'component') { $null = $text.Append("    app.kubernetes.io/${label}: app-$Number`n") }
    $null = $text.Append("    app.kubernetes.io/managed-by: Helm`n  annotations:`n    description: `"A service that does something, somewhere in the cluster`"`n")
    $null = $text.Append("spec:`n  replicas: 3`n  selector:`n    matchLabels:`n      app.kubernetes.io/name: app-$Number`n  template:`n    metadata:`n")
    $null = $text.Append("      labels:`n        app.kubernetes.io/name: app-$Number`n    spec:`n      serviceAccountName: app`n      securityContext:`n")
    $null = $text.Append("        runAsNonRoot: true`n        seccompProfile: {type: RuntimeDefault}`n      containers:`n")
    foreach ($container in 1..4) {
        $null = $text.Append("      - name: c$container`n        image: registry.example.com/team/app-${Number}:v1.$container.0`n        imagePullPolicy: IfNotPresent`n")
        $null = $text.Append("        args:`n        - --listen=0.0.0.0:8080`n        - --log-level=info`n        env:`n        - name: POD_NAME`n          valueFrom:`n")
        $null = $text.Append("            fieldRef:`n              fieldPath: metadata.name`n        - name: LOG_LEVEL`n          value: `"info`"`n        ports:`n")
        $null = $text.Append("        - name: http`n          containerPort: 8080`n          protocol: TCP`n        resources:`n          limits:`n            cpu: 500m`n")
        $null = $text.Append("            memory: 512Mi`n          requests:`n            cpu: 100m`n            memory: 128Mi`n        livenessProbe:`n")
        $null = $text.Append("          httpGet: {path: /healthz, port: http}`n          initialDelaySeconds: 10`n        volumeMounts:`n        - name: data`n          mountPath: /var/lib/data`n")
    }
    $text.ToString()
}

try {
    $folder = Join-Path $RegistryFolder 'manifests'
    $file = Join-Path $RegistryFolder 'all.yaml'
    $null = New-Item -ItemType Directory -Path $folder
    $all = [System.IO.StreamWriter]::new($file)
    for ($i = 0; $i -lt $Documents; $i++) {
        $manifest = Get-Manifest $i
        $all.Write("---`n" + $manifest)
        [System.IO.File]::WriteAllText((Join-Path $folder "$i.yaml"), $manifest)
    }
    $all.Dispose()
    $size = [math]::Round((Get-Item $file).Length / 1MB, 1)
    $bare = (Measure-Process 'bare').Peak
    foreach ($place in @{ name = 'one file'; path = $file; key = 'one' }, @{ name = 'a file each'; path = $folder; key = 'many' }) {
        $command = "`$found = @(Find-OciImage '$($place.path)'); if (`$found.Count -ne $(4 * $Documents)) { throw `"`$(`$found.Count) images`" }"
        $runs = @(1..$Pairs | ForEach-Object { Measure-Process $command })
        $seconds = Get-Median @($runs | ForEach-Object Command)
        $peak = (Get-Median @($runs | ForEach-Object Peak)) - $bare
        $rows = @($rows) + @(
            New-BenchRow -Job "images of $Documents manifests ($size MB), $($place.name)" -Wanted '≤ 3 s' -Reached ('{0:0.0} s' -f $seconds) -Met ($seconds -le 3) `
                -Detail ('{0} runs in new shells: {1}' -f $Pairs, (($runs | ForEach-Object { '{0:0.00}' -f $_.Command }) -join ' '))
            New-BenchRow -Job "images of $Documents manifests, $($place.name), memory" -Wanted '≤ 100 MB' -Reached ('{0:0} MB' -f $peak) -Met ($peak -le 100) `
                -Detail ('peak of the process over the bare shell ({0:0} MB)' -f $bare)
        )
    }
    Save-Bench 'finding' -Smoke:$Smoke -Row @($rows | Where-Object { $_ })
} finally {
    Close-Bench
}
