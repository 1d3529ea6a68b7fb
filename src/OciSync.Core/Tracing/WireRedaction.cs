using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using OciSync.Core.Auth;
using OciSync.Core.Http;
using OciSync.Core.References;

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
        return Printable.Line(question < 0 ? path : path + "?" + string.Join("&", text.Substring(question + 1).Split('&').Select(Value)));
    }

    /// <summary>The value of a header that is shown.</summary>
    /// <param name="name">The header.</param>
    /// <param name="value">What it says.</param>
    /// <param name="sent">What the request was authorized with, or null.</param>
    internal static string Header(string name, string value, AuthenticationHeaderValue? sent)
    {
        value = Hide(value.Length > LongestValue ? value.Substring(0, LongestValue) : value, sent);
        return name switch
        {
            "Authorization" => value.Split(' ')[0] + " " + Hidden,
            "Location" => Url(value),
            "Link" => Printable.Line(Regex.Replace(value, "<([^>]*)>", m => "<" + Url(m.Groups[1].Value) + ">")),
            _ => Printable.Line(Address.Replace(value, m => Url(m.Value))),
        };
    }

    /// <summary>Any text, with the login of the request taken out and the queries of addresses with it.</summary>
    internal static string Text(string text, AuthenticationHeaderValue? sent) => Printable.Line(Address.Replace(Hide(text, sent), m => Url(m.Value)));

    private static string Hide(string text, AuthenticationHeaderValue? sent) => Secrets.Hide(text, sent, LoginOf(sent));

    // A server that repeats a login may have it in the clear.
    private static RegistryCredential? LoginOf(AuthenticationHeaderValue? sent)
    {
        if (sent is not { Scheme: "Basic", Parameter: { } parameter })
        {
            return null;
        }

        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(parameter));
            var colon = pair.IndexOf(':');
            return colon < 0 ? null : RegistryCredential.FromPassword(pair.Substring(0, colon), pair.Substring(colon + 1));
        }
        catch (FormatException)
        {
            // It isn't ours: then there is no login in it.
            return null;
        }
    }

    private static string Value(string pair)
    {
        var equals = pair.IndexOf('=');
        return equals < 0 ? (Shown.Contains(pair) ? pair : Hidden) : Shown.Contains(pair.Substring(0, equals)) ? pair : pair.Substring(0, equals + 1) + Hidden;
    }
}
