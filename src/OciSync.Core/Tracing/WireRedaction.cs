using System.Text;
using System.Text.RegularExpressions;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Tracing;

/// <summary>Takes out of addresses and headers what must not be shown: signatures, states and tokens of queries, logins, and what repeats a login.</summary>
internal static class WireRedaction
{
    private const string Hidden = "***";
    private const int LongestValue = 1000;

    // What of a query says something of the question and nothing of who asks. All else may be a signature.
    private static readonly HashSet<string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        "n", "last", "mount", "from", "digest", "artifactType", "service", "scope", "client_id",
    };

    private static readonly Regex Address = new("https?://[^\\s\"<>,;]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Session = new("(/uploads/)([^/]+)", RegexOptions.CultureInvariant);

    /// <summary>An address, absolute or not, without user, fragment and the values of its query that aren't known to be harmless.</summary>
    internal static string Url(string address)
    {
        var text = address.Split('#')[0];
        var question = text.IndexOf('?');
        var path = question < 0 ? text : text.Substring(0, question);
        var host = path.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0;
        var end = path.IndexOf('/', host);
        var user = host == 0 ? -1 : path.LastIndexOf('@', (end < 0 ? path.Length : end) - 1);
        path = user >= host && user >= 0 ? path.Substring(0, host) + path.Substring(user + 1) : path;

        // The name of an upload lets who knows it write to it. Its hash still tells which requests belong together.
        path = Session.Replace(path, m => m.Groups[1].Value + "~" + Digest.Of(Encoding.UTF8.GetBytes(m.Groups[2].Value), "sha256").Hex.Substring(0, 8));
        return Printable.Line(question < 0 ? path : path + "?" + string.Join("&", text.Substring(question + 1).Split('&').Select(Value)));
    }

    /// <summary>The value of a header that is shown.</summary>
    /// <param name="name">The header.</param>
    /// <param name="value">What it says.</param>
    /// <param name="sent">What the request was authorized with.</param>
    internal static string Header(string name, string value, WireSecrets sent)
    {
        // Cut after: of a secret that is cut the rest would not be known for one.
        value = sent.Hide(value);
        value = value.Length > LongestValue ? value.Substring(0, LongestValue) : value;
        return name switch
        {
            "Authorization" => value.Split(' ')[0] + " " + Hidden,
            "Location" => Url(value),
            "Link" => Printable.Line(Regex.Replace(value, "<([^>]*)>", m => "<" + Url(m.Groups[1].Value) + ">")),
            _ => Printable.Line(Address.Replace(value, m => Url(m.Value))),
        };
    }

    /// <summary>Any text, with the login of the request taken out and the queries of addresses with it.</summary>
    internal static string Text(string text, WireSecrets sent) => Printable.Line(Address.Replace(sent.Hide(text), m => Url(m.Value)));

    private static string Value(string pair)
    {
        var equals = pair.IndexOf('=');
        return equals < 0 ? (Shown.Contains(pair) ? pair : Hidden) : Shown.Contains(pair.Substring(0, equals)) ? pair : pair.Substring(0, equals + 1) + Hidden;
    }
}
