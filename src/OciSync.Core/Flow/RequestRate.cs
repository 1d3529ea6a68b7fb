using System.Globalization;
using System.Text.RegularExpressions;

namespace OciSync.Core.Flow;

/// <summary>How many requests a registry may get: <c>10/s</c>, <c>600/m</c>, <c>5000/h</c>.</summary>
/// <param name="Count">Requests, from 1.</param>
/// <param name="Period">In this time.</param>
public sealed record RequestRate(int Count, TimeSpan Period)
{
    private static readonly Regex Form = new("^(?<count>[1-9][0-9]{0,6})/(?<unit>[smh])$", RegexOptions.CultureInvariant);

    /// <summary>Requests a second.</summary>
    public double PerSecond => Count / Period.TotalSeconds;

    /// <summary>Reads a rate, with the registry that it is for; null for each registry.</summary>
    /// <param name="text"><c>[registry=]count/unit</c>, the unit being s, m or h.</param>
    /// <param name="registry">The registry, or null.</param>
    /// <param name="rate">The rate.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, out string? registry, out RequestRate? rate)
    {
        var equals = text.LastIndexOf('=');
        registry = equals > 0 ? text.Substring(0, equals).Trim() : null;
        var match = Form.Match(text.Substring(equals + 1).Trim());
        var period = match.Groups["unit"].Value switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            _ => TimeSpan.FromHours(1),
        };
        rate = match.Success && equals != 0 ? new RequestRate(int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture), period) : null;
        return rate is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Count.ToString(CultureInfo.InvariantCulture) + "/" + (Period.TotalSeconds <= 1 ? "s" : Period.TotalMinutes <= 1 ? "m" : "h");
}
