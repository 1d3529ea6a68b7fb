# Bench scripts run in their smallest form, so that none rots. What they measure then says nothing.

BeforeDiscovery {
    # They take turns by the day, a third of the short ones and one of the long ones: all of them are `build.ps1 bench -Smoke`. What is written in them is looked at each day.
    $long = 'growth.ps1', 'many-repositories.ps1', 'memory.ps1', 'planning.ps1'
    $day = (Get-Date).DayOfYear
    $all = @(Get-ChildItem -Path (Join-Path $PSScriptRoot '../../bench') -Filter '*.ps1' -File | Sort-Object Name)
    $short = @($all | Where-Object { $long -notcontains $_.Name })
    $today = @($short | Where-Object { [array]::IndexOf($short, $_) % 3 -eq $day % 3 }) + @($all | Where-Object Name -EQ $long[$day % $long.Count])
    $scripts = @($today | ForEach-Object { @{ name = $_.Name; path = $_.FullName } })
    $written = @($all | ForEach-Object { @{ name = $_.Name; path = $_.FullName } })
}

Describe 'What is written in the bench script <name>' -ForEach $written {
    It 'has no fault of syntax, a small form, and no command that nobody has' {
        $top = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
        $shared = Get-ChildItem -Path (Join-Path $top 'bench/lib'), (Join-Path $top 'tools/build') -Filter '*.ps1' -File | ForEach-Object FullName
        $known = [System.Collections.Generic.HashSet[string]]::new([string[]] @('dotnet', 'docker', 'sh'), [StringComparer]::OrdinalIgnoreCase)
        $asked = foreach ($file in @($shared) + (Join-Path $PSScriptRoot 'Registries.ps1') + $path) {
            $faults = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $faults)
            $faults | Should -BeNullOrEmpty
            $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true) | ForEach-Object { $null = $known.Add($_.Name) }
            if ($file -eq $path) {
                $parameters = $ast.ParamBlock.Parameters.Name.VariablePath.UserPath
                $parameters | Should -Contain 'Smoke'

                # `$curves` is `$Curves` to PowerShell: what is given to it is made into what the parameter is.
                $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.AssignmentStatementAst] }, $true) | ForEach-Object { "$($_.Left)".TrimStart('$') } |
                    Where-Object { $parameters -contains $_ -and $parameters -cnotcontains $_ } | Should -BeNullOrEmpty
                $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) | ForEach-Object GetCommandName
            }
        }

        # Cmdlets by their form, since those of the module are not imported here.
        $exported = [regex]::Matches((Get-Content -Raw -LiteralPath (Join-Path $top 'OciSync.psd1')), "'([A-Z][a-z]+-Oci\w+)'") | ForEach-Object { $_.Groups[1].Value }
        $asked | Where-Object { $_ -match '^[A-Z][a-z]+-[A-Z]' -and -not $known.Contains($_) -and $exported -notcontains $_ -and -not (Get-Command $_ -ErrorAction Ignore) } |
            Should -BeNullOrEmpty
    }
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
        # One image and one transfer at a time and without progress, so that neither how busy the machine is nor how long it takes adds buffers or rows; the
        # best of three, as a collection of garbage in between gives buffers back that are then allocated anew.
        $ProgressPreference = 'SilentlyContinue'
        $one = @{ ThrottleLimit = 1; MaxConnectionsPerRegistry = 1 }
        $null = Sync-OciImage -Source $source/app -AllTags -Destination "$(Open-TestRegistry)/warm" @one
        $each = foreach ($run in 1..3) {
            $place = "$(Open-TestRegistry)/x"
            $before = [GC]::GetTotalAllocatedBytes($true)
            $rows = Sync-OciImage -Source $source/app -AllTags -Destination $place @one
            ([GC]::GetTotalAllocatedBytes($true) - $before) / 1KB / 60
            @($rows | Where-Object Status -eq 'Copied') | Should -HaveCount 60
        }

        # 218, 219 and 219 when this was written, with thirty other processes at work.
        ($each | Measure-Object -Minimum).Minimum | Should -BeLessThan 260
    }
}
