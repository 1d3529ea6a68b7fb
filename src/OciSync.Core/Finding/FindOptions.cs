using OciSync.Core.Finding.Facts;

namespace OciSync.Core.Finding;

/// <summary>How images are looked for in files.</summary>
public sealed record FindOptions
{
    /// <summary>Also in the folders of a folder.</summary>
    public bool Recurse { get; init; }

    /// <summary>Also where links in a folder lead.</summary>
    public bool FollowLink { get; init; }

    /// <summary>Names of rules (<see cref="FindRules"/>) that find nothing.</summary>
    public IReadOnlyCollection<string> ExcludeRule { get; init; } = [];

    /// <summary>The value of a variable of the environment, or null: compose files name them.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    internal bool IsOff(string rule) => ExcludeRule.Contains(rule, StringComparer.OrdinalIgnoreCase);
}
