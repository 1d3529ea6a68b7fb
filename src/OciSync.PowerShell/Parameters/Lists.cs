namespace OciSync.PowerShell.Parameters;

/// <summary>Lists that may arrive as one string: <c>pwsh -File script.ps1 -Destination a,b</c> passes text.</summary>
internal static class Lists
{
    internal static IReadOnlyList<string> Split(IEnumerable<string>? items) =>
        (items ?? []).SelectMany(i => (i ?? string.Empty).Split(',')).Select(i => i.Trim()).Where(i => i.Length > 0).ToList();

    /// <summary>What is in a list; nothing in an unset variable.</summary>
    internal static IReadOnlyList<string> Given(string[]? texts) => texts?.Where(t => t is not null).ToList() ?? [];
}
