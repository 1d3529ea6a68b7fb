namespace OciSync.Core.References;

/// <summary>
/// A login that was typed into a reference or a registry's name, <c>user:password@host/…</c>. No reference holds one; it is recognised before
/// anything else is said of the text, and taken out of what is shown.
/// </summary>
public static class LoginText
{
    private const string Hidden = "***";

    private static readonly string[] Algorithms = ["sha", "md5", "blake"];

    /// <summary>The text as it may be shown: without a login.</summary>
    public static string Hide(string text)
    {
        var at = FindEnd(text);
        return at < 0 ? text : text.Substring(0, StartOf(text)) + Hidden + text.Substring(at);
    }

    /// <summary>What is wrong with a text that holds a login, and where logins go; null when it holds none.</summary>
    internal static string? FindFault(string text) => FindEnd(text) < 0
        ? null
        : "what stands before its '@' looks like a login, is not shown here and was sent nowhere. Logins are given by Connect-OciRegistry <registry> -Credential, "
            + "or to the command itself (-Credential, -SourceCredential, -DestinationCredential); those of docker, podman and skopeo are found";

    // The place of the '@' behind a login, or -1. A digest stands behind the last '@' of a repository, and has no slash.
    private static int FindEnd(string text)
    {
        if (text.IndexOf('@') < 0)
        {
            return -1;
        }

        var (start, isNamed) = LocationParser.IsTransport(text) ? (text.Length, false) : (StartOf(text), HasScheme(text));
        if (text.StartsWith("docker-daemon:", StringComparison.Ordinal))
        {
            start = StartOf(text);
        }

        for (var at = text.LastIndexOf('@'); at >= start; at = at == 0 ? -1 : text.LastIndexOf('@', at - 1))
        {
            var host = text.Substring(at + 1);
            var login = text.Substring(start, at - start);
            if (IsDigest(host))
            {
                continue;
            }

            if (login.Length > 0 && host.Length > 0 && (host.Contains("/") || (!login.Contains("/") && (isNamed || login.Contains(":")))))
            {
                return at;
            }
        }

        return -1;
    }

    // After https://, docker:// or docker-daemon:, which are no part of a login.
    private static int StartOf(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return HasScheme(text) ? scheme + 3 : text.StartsWith("docker-daemon:", StringComparison.Ordinal) ? text.IndexOf(':') + 1 : 0;
    }

    private static bool HasScheme(string text) => text.IndexOf("://", StringComparison.Ordinal) is > 0 and var end && text.Take(end).All(char.IsLetterOrDigit);

    private static bool IsDigest(string text) => text.Contains(":") && !text.Contains("/") && Array.Exists(Algorithms, a => text.StartsWith(a, StringComparison.OrdinalIgnoreCase));
}
