# Draws curves as SVG: dot-source it. Both axes are logarithmic, so that what grows with the job is a straight line; the dashed one is proportional growth.

function Format-PlotNumber([double] $Value) {
    $invariant = [cultureinfo]::InvariantCulture
    if ($Value -ge 1000) { return ($Value / 1000).ToString('0.#', $invariant) + 'k' }
    $Value.ToString($(if ($Value -ge 10) { '0' } elseif ($Value -ge 1) { '0.#' } else { '0.##' }), $invariant)
}

# The place of a value on an axis from low to high, in so many pixels.
function Get-PlotPlace([double] $Value, [double] $Low, [double] $High, [double] $From, [double] $To) {
    $From + ($To - $From) * ([math]::Log10($Value) - [math]::Log10($Low)) / ([math]::Log10($High) - [math]::Log10($Low))
}

# Values of an axis that get a line: 1, 2 and 5 of each power of ten, or only the powers where that would be many.
function Get-PlotTick([double] $Low, [double] $High) {
    $steps = if ($High / $Low -gt 500) { 1 } else { 1, 2, 5 }
    for ($power = [math]::Floor([math]::Log10($Low)); $power -le [math]::Ceiling([math]::Log10($High)); $power++) {
        foreach ($step in $steps) {
            $value = $step * [math]::Pow(10, $power)
            if ($value -ge $Low * 0.999 -and $value -le $High * 1.001) { $value }
        }
    }
}

function ConvertTo-SvgText([double] $X, [double] $Y, [string] $Anchor, [string] $Text) {
    '<text x="{0:0.#}" y="{1:0.#}" text-anchor="{2}">{3}</text>' -f $X, $Y, $Anchor, $Text
}

# One panel: lines of points (x, y) over the same axis.
function ConvertTo-SvgPanel([string] $Title, [string] $XTitle, [object[]] $Line, [double] $Left, [switch] $Proportional) {
    $right, $top, $bottom = ($Left + 300), 40, 230
    $xs = @($Line | ForEach-Object { $_.points.x })
    $ys = @($Line | ForEach-Object { $_.points.y })
    $xLow, $xHigh = ($xs | Measure-Object -Minimum).Minimum, ($xs | Measure-Object -Maximum).Maximum
    $yLow, $yHigh = (($ys | Measure-Object -Minimum).Minimum / 1.5), (($ys | Measure-Object -Maximum).Maximum * 1.5)
    ConvertTo-SvgText (($Left + $right) / 2) 20 'middle' $Title
    ConvertTo-SvgText (($Left + $right) / 2) 268 'middle' $XTitle
    foreach ($tick in Get-PlotTick $yLow $yHigh) {
        $y = Get-PlotPlace $tick $yLow $yHigh $bottom $top
        '<path d="M{0:0.#} {2:0.#}H{1:0.#}" class="grid"/>' -f $Left, $right, $y
        ConvertTo-SvgText ($Left - 6) ($y + 4) 'end' (Format-PlotNumber $tick)
    }
    foreach ($tick in $xs | Sort-Object -Unique) {
        $x = Get-PlotPlace $tick $xLow $xHigh $Left $right
        '<path d="M{0:0.#} {1}V{2}" class="grid"/>' -f $x, $top, $bottom
        ConvertTo-SvgText $x ($bottom + 16) 'middle' (Format-PlotNumber $tick)
    }
    $number = 0
    foreach ($one in $Line) {
        $places = @($one.points | ForEach-Object {
                '{0:0.#},{1:0.#}' -f (Get-PlotPlace $_.x $xLow $xHigh $Left $right), (Get-PlotPlace $_.y $yLow $yHigh $bottom $top)
            })
        '<polyline points="{0}" class="line{1}"/>' -f ($places -join ' '), $number
        foreach ($place in $places) { '<circle cx="{0}" cy="{1}" r="3" class="dot{2}"/>' -f $place.Split(',')[0], $place.Split(',')[1], $number }
        $last = $places[-1].Split(',')
        ConvertTo-SvgText ([double]::Parse($last[0], [cultureinfo]::InvariantCulture) - 6) ([double]::Parse($last[1], [cultureinfo]::InvariantCulture) - 8) 'end' $one.name
        $number++
    }
    if ($Proportional) {
        # From the last point of the first line backwards, as long as it stays in the panel.
        $end = $Line[0].points[-1]
        $start = [math]::Max($xLow, $end.x * $yLow / $end.y)
        '<path d="M{0:0.#} {1:0.#}L{2:0.#} {3:0.#}" class="guide"/>' -f (Get-PlotPlace $start $xLow $xHigh $Left $right),
        (Get-PlotPlace ($end.y * $start / $end.x) $yLow $yHigh $bottom $top), (Get-PlotPlace $end.x $xLow $xHigh $Left $right), (Get-PlotPlace $end.y $yLow $yHigh $bottom $top)
    }
}

# A picture of two panels: seconds and megabytes over what grows.
function Save-GrowthPlot([string] $Path, [string] $XTitle, [object[]] $Second, [object[]] $Megabyte) {
    $culture = [cultureinfo]::CurrentCulture
    [cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture
    try {
        $lines = @(
            '<svg xmlns="http://www.w3.org/2000/svg" width="780" height="280" viewBox="0 0 780 280" font-family="sans-serif" font-size="11" fill="#333">'
            '<style>.grid{stroke:#ddd}.guide{stroke:#999;stroke-dasharray:4 4}polyline{fill:none;stroke-width:2}.line0{stroke:#0366d6}.dot0{fill:#0366d6}.line1{stroke:#d73a49}.dot1{fill:#d73a49}</style>'
            '<rect width="780" height="280" fill="#fff"/>'
            ConvertTo-SvgPanel 'seconds' $XTitle $Second 50 -Proportional
            ConvertTo-SvgPanel 'MB over the bare shell' $XTitle $Megabyte 440
            '</svg>'
        )
        [System.IO.File]::WriteAllText($Path, ($lines -join "`n") + "`n")
    } finally {
        [cultureinfo]::CurrentCulture = $culture
    }
}
