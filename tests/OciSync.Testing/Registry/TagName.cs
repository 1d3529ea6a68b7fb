using System.Text.RegularExpressions;

namespace OciSync.Testing.Registry;

internal static partial class TagName
{
    internal static bool IsValid(string text) => Pattern().IsMatch(text);

    [GeneratedRegex("^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$")]
    private static partial Regex Pattern();
}
