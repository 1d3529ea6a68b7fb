using System.Text;

namespace OciSync.Core.Distribution;

/// <summary>The logins that clients may use (HTTP Basic, RFC 7617); without any, everyone may read.</summary>
internal sealed class ClientLogins
{
    private readonly List<byte[]> _known;

    internal ClientLogins(IEnumerable<KeyValuePair<string, string>> logins) =>
        _known = logins.Select(l => Encoding.UTF8.GetBytes(l.Key + ":" + l.Value)).ToList();

    /// <summary>Whether any is needed.</summary>
    internal bool AreNeeded => _known.Count > 0;

    /// <summary>Whether an <c>Authorization</c> header holds one of them. The time it takes doesn't tell how much of one is right.</summary>
    internal bool Allows(string? header)
    {
        const string Scheme = "Basic ";
        if (!AreNeeded)
        {
            return true;
        }

        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] given;
        try
        {
            given = Convert.FromBase64String(header.Substring(Scheme.Length).Trim());
        }
        catch (FormatException)
        {
            // No login at all.
            return false;
        }

        var allowed = false;
        foreach (var login in _known)
        {
            allowed |= AreEqual(login, given);
        }

        return allowed;
    }

    private static bool AreEqual(byte[] known, byte[] given)
    {
        var difference = known.Length ^ given.Length;
        for (var i = 0; i < given.Length; i++)
        {
            difference |= known[i % known.Length] ^ given[i];
        }

        return difference == 0;
    }
}
