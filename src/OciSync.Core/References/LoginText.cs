namespace OciSync.Core.References;

/// <summary>
/// A login that was typed into a reference or a registry's name, <c>user:password@host/…</c>. No reference holds one; it is
/// recognised before anything else is said of the text, and taken out of what is shown.
/// </summary>
public static class LoginText
{
    private const string Hidden = "***";
    private const string Daemon = "docker-daemon:";

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
        : "what stands before its '@' looks like a login, is not shown here and was sent nowhere. Logins are given by "
            + "Connect-OciRegistry <registry> -Credential, or to the command itself (-Credential, -SourceCredential, "
            + "-DestinationCredential); those of docker, podman and skopeo are found";

    // The place of the '@' behind a login, or -1: the last one before a path, or, where there is no path, before what is no digest.
    private static int FindEnd(string text)
    {
        var start = StartOf(text);
        if (start >= text.Length || (LocationParser.IsTransport(text) && start == 0))
        {
            return -1;
        }

        var slash = text.LastIndexOf('/');
        var at = text.LastIndexOf('@');
        at = at > Math.Max(slash, start) && IsDigest(text, at + 1) ? text.LastIndexOf('@', at - 1) : at;
        if (at > Math.Max(slash, start) && at < text.Length - 1 && IsLogin(text, start, at))
        {
            return at;
        }

        var before = slash > start ? text.LastIndexOf('@', slash - 1) : -1;
        return before > start ? before : -1;
    }

    // What stands before an '@' without a path behind it: of a web address always; else a name with a password, or after docker:// a name.
    private static bool IsLogin(string text, int start, int at)
    {
        if (text.StartsWith("http", StringComparison.OrdinalIgnoreCase) && HasScheme(text))
        {
            return true;
        }

        return text.IndexOf('/', start, at - start) < 0 && (HasScheme(text) || text.IndexOf(':', start, at - start) >= 0);
    }

    // After https://, docker:// or docker-daemon:, which are no part of a login.
    private static int StartOf(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return HasScheme(text) ? scheme + 3 : text.StartsWith(Daemon, StringComparison.Ordinal) ? Daemon.Length : 0;
    }

    private static bool HasScheme(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) is > 0 and var end && text.Take(end).All(char.IsLetterOrDigit);

    private static bool IsDigest(string text, int start) => text.IndexOf(':', start) >= 0
        && Array.Exists(Algorithms, a => string.Compare(text, start, a, 0, a.Length, StringComparison.OrdinalIgnoreCase) == 0);
}
