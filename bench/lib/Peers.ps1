# The tools that ours is measured against, with the processor time that they take: those of a folder (-Peers DIR), else those of the PATH. Dot-source it
# after Bench.ps1.
param([string] $Peers)

$script:PeerFolder = $Peers

# A peer's program; null where it is nowhere.
function Find-Peer([string] $Name) {
    if ($PeerFolder -and (Test-Path -LiteralPath (Join-Path $PeerFolder $Name))) { return Join-Path $PeerFolder $Name }
    (Get-Command -Name $Name -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source
}

# "crane 0.20.2, skopeo 1.22.0": what the rows were measured against. A crane that a package built may know no version.
function Get-PeerVersion([string[]] $Name) {
    $said = foreach ($one in $Name) {
        $program = Find-Peer $one
        if (-not $program) { continue }
        if ("$(& $program $(if ($one -eq 'crane') { 'version' } else { '--version' }) 2>$null)" -match '\d+\.\d+\.\d+') { "$one $($Matches[0])" } else { $one }
    }
    $said -join ', '
}

# Seconds of a program, and of processor time: the shell counts those of what it waited for.
function Measure-Peer([string] $Program, [string[]] $ArgumentList) {
    $result = Invoke-BenchProgram 'sh' (@('-c', '\"$0\" \"$@\" 1>&2; e=$?; times; exit $e', $Program) + $ArgumentList)
    [pscustomobject] @{ Seconds = $result.Seconds; Processor = Read-ChildTime $result.Output }
}

# The second line of `times`: the children's time in programs and in the kernel, as 0m1.234s.
function Read-ChildTime([string] $Text) {
    $sum = 0.0
    foreach ($part in [regex]::Matches(@($Text.Trim() -split '\r?\n')[-1], '(\d+)m([\d.,]+)s')) {
        $sum += 60 * [double] $part.Groups[1].Value + [double] $part.Groups[2].Value.Replace(',', '.')
    }
    $sum
}

# A command of ours as the first of a shell of its own, or 'bare': seconds of the command, of the whole process, and of processor time.
function Measure-Shell([string] $Command) {
    $said = Measure-Process $Command
    [pscustomobject] @{ Command = $said.Command; Whole = $said.Whole; Processor = $said.Processor }
}

# A command in this shell: seconds, and of processor time.
function Measure-HereWithTime([scriptblock] $Command, [string] $Status) {
    $before = [System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
    $seconds = Measure-Here $Command $Status
    [pscustomobject] @{ Seconds = $seconds; Processor = ([System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $before).TotalSeconds }
}

function Format-Second([object[]] $Value) {
    if ($null -eq $Value[0]) { return 'none' }
    (@($Value | ForEach-Object { '{0:0.00} s' -f $_ })) -join ', '
}

# Seconds of skopeo copy or sync: that of the folder, where there is one.
function Measure-PeerSkopeo([string] $Command, [string[]] $ArgumentList) {
    (Invoke-BenchProgram (Find-Peer 'skopeo') (@($Command, '--src-tls-verify=false', '--dest-tls-verify=false') + $ArgumentList)).Seconds
}
