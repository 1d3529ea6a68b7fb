using System.Net.Http.Headers;
using System.Text;

namespace OciSync.Core.AuthFiles;

/// <summary>Takes secrets out of a server's words: one that repeats what it was sent must not bring it into a message.</summary>
internal static class Secrets
{
    private const string Hidden = "***";

    // Shorter ones are in every other word.
    private const int ShortestSecret = 4;

    internal static string Hide(string text, AuthenticationHeaderValue? sent, RegistryCredential? login = null)
    {
        foreach (var hidden in Find(sent, login).Where(s => s.Length >= ShortestSecret).Distinct().OrderByDescending(s => s.Length))
        {
            text = text.Replace(hidden, Hidden);
        }

        return text;
    }

    private static IEnumerable<string> Find(AuthenticationHeaderValue? sent, RegistryCredential? login)
    {
        var pair = login is null ? null : login.Username + ":" + login.Secret;
        foreach (var given in new[] { login?.Secret, pair, sent?.Parameter }.OfType<string>())
        {
            yield return given;
            yield return Uri.EscapeDataString(given);
            yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(given));
        }
    }
}
