# Bench scripts run in their smallest form, so that none rots. What they measure then says nothing.

BeforeDiscovery {
    # The long ones take turns by the day: all of them are `build.ps1 bench -Smoke`.
    $long = 'growth.ps1', 'many-tags.ps1', 'memory.ps1', 'planning.ps1'
    $today = $long[(Get-Date).DayOfYear % $long.Count]
    $scripts = Get-ChildItem -Path (Join-Path $PSScriptRoot '../../bench') -Filter '*.ps1' -File |
        Where-Object { $long -notcontains $_.Name -or $_.Name -eq $today } | ForEach-Object { @{ name = $_.Name; path = $_.FullName } }
}

Describe 'The bench script <name>' -ForEach $scripts {
    BeforeAll {
        $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
        . (Join-Path $top 'tools/build/common.ps1')
        $runner = Get-ScriptRunner
    }

    It 'runs to its end and tells what it measured' {
        $needed = @('skopeo', 'docker-registry' | Where-Object { (Get-Content -Raw $path) -match 'Open-DockerRegistry' })
        $missing = @($needed | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction SilentlyContinue) })
        if ($missing.Count -gt 0) { Set-ItResult -Skipped -Because "server missing: $($missing -join ' and ')" }
        else {
            $output = & $runner.Command @($runner.Arguments) $path -Smoke
            $LASTEXITCODE | Should -Be 0
            "$output" | Should -Match 'wanted'
        }
    }
}

Describe 'What is written into files' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $size = 20000000
        $source = Open-TestRegistry "--synthetic $size"
        $here = Join-Path $RegistryFolder 'written'
        $null = New-Item -ItemType Directory -Path $here

        # In sizes of the layer; sockets are not among it.
        function Measure-Written([scriptblock] $Command) {
            $before = [long] (@(Get-Content '/proc/self/io' | Where-Object { $_ -like 'wchar:*' })[0] -split ' ')[1]
            (& $Command).Status | Should -Be 'Copied'
            $after = [long] (@(Get-Content '/proc/self/io' | Where-Object { $_ -like 'wchar:*' })[0] -split ' ')[1]
            ($after - $before) / $size
        }
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'is each byte once on the way to <_>:, and none on the way from it' -Skip:(-not (Test-Path '/proc/self/io')) -ForEach 'oci', 'dir', 'oci-archive' {
        $place = "${_}:$here/$_"
        Measure-Written { Copy-OciImage $source/synthetic:1 $place } | ForEach-Object { [math]::Round($_, 2) } | Should -Be 1
        Measure-Written { Copy-OciImage $place "$(Open-TestRegistry)/x:1" -Compression Keep } | Should -BeLessThan 0.01
    }

    It 'is each byte once on both ways of a Docker archive, whose layers are packed for a registry' -Skip:(-not (Test-Path '/proc/self/io')) {
        $place = "docker-archive:$here/docker.tar:x:1"
        Measure-Written { Copy-OciImage $source/synthetic:1 $place } | ForEach-Object { [math]::Round($_, 2) } | Should -Be 1
        Measure-Written { Copy-OciImage $place "$(Open-TestRegistry)/x:1" } | ForEach-Object { [math]::Round($_, 2) } | Should -Be 1
    }
}

Describe 'The memory that is allocated' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Registries.ps1')
        $source = Open-TestRegistry
        $tags = (1..60 | ForEach-Object { "1.$_" }) -join ','
        $null = & dotnet $RegistryProgram seed $source --repository app --tags $tags --shared 3 --layers 1 --layer-size 20000
    }

    AfterAll {
        Close-TestRegistry
    }

    It 'for each small image stays below a bound' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        # 170 KB when this was written; 450 KB when buffers did not fit the blobs and were not used again. The best of three: on a busy machine more
        # buffers are in use at a time, and a run before which they were given back allocates them anew.
        $null = Sync-OciImage -Source $source/app -AllTags -Destination "$(Open-TestRegistry)/warm"
        $each = foreach ($run in 1..3) {
            $before = [GC]::GetTotalAllocatedBytes()
            $rows = Sync-OciImage -Source $source/app -AllTags -Destination "$(Open-TestRegistry)/x"
            ([GC]::GetTotalAllocatedBytes() - $before) / 1KB / 60
            @($rows | Where-Object Status -eq 'Copied') | Should -HaveCount 60
        }
        ($each | Measure-Object -Minimum).Minimum | Should -BeLessThan 300
    }
}
