using System.Globalization;
using OciSync.Core.Versions;

namespace OciSync.Core.Tags;

/// <summary>
/// Which tags of a repository are wanted. Every condition that is given must hold; of a list of includes one is enough. Without conditions
/// every tag is wanted.
/// </summary>
public sealed record TagChoice
{
    /// <summary>Every tag.</summary>
    public static readonly TagChoice Everything = new();

    /// <summary>Wildcards, of which one must match.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Wildcards, of which none may match.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Regular expressions, of which one must match somewhere in the tag.</summary>
    public IReadOnlyList<string> IncludeRegex { get; init; } = [];

    /// <summary>Regular expressions, of which none may match.</summary>
    public IReadOnlyList<string> ExcludeRegex { get; init; } = [];

    /// <summary>Texts that the lower-cased tag may not contain; compared as written, so one with capitals never does.</summary>
    public IReadOnlyList<string> ExcludeKeyword { get; init; } = [];

    /// <summary>A range of versions in the syntax of npm and Masterminds/semver, or null.</summary>
    public string? VersionRange { get; init; }

    /// <summary>That many of the newest, or null for all.</summary>
    public int? Latest { get; init; }

    /// <summary>That many of the newest are passed over first.</summary>
    public int SkipLatest { get; init; }

    /// <summary>What the newest are counted in.</summary>
    public TagLine Per { get; init; }

    /// <summary>Wildcards for the families wanted; none means the main one. An empty text is the plain family.</summary>
    public IReadOnlyList<string> Family { get; init; } = [];

    /// <summary>Short versions that move (3, 3.22) are versions like others.</summary>
    public bool IncludeRolling { get; init; }

    /// <summary>Pre-releases are versions like others.</summary>
    public bool IncludePrerelease { get; init; }

    /// <summary>Made at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Made before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>No condition is given.</summary>
    public bool IsEverything =>
        !IsByVersion && !IsByTime && Include.Count + Exclude.Count + IncludeRegex.Count + ExcludeRegex.Count + ExcludeKeyword.Count == 0;

    /// <summary>The choice asks for versions: words, commits and dates beside versions are no candidates.</summary>
    internal bool IsByVersion => VersionRange is not null || Latest is not null || SkipLatest > 0 || Per != TagLine.Repository || Family.Count > 0;

    /// <summary>The choice asks when images were made.</summary>
    internal bool IsByTime => Since is not null || Before is not null;

    /// <summary>The choice as the cmdlets' parameters say it.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Add("Include", Include);
        Add("Exclude", Exclude);
        Add("IncludeRegex", IncludeRegex);
        Add("ExcludeRegex", ExcludeRegex);
        Add("ExcludeKeyword", ExcludeKeyword);
        Add("VersionRange", VersionRange is null ? [] : [VersionRange]);
        Add("Family", Family);
        Add("Since", Time(Since));
        Add("Before", Time(Before));
        Say(Latest is not null, $"-Latest {Latest}");
        Say(SkipLatest > 0, $"-SkipLatest {SkipLatest}");
        Say(Per != TagLine.Repository, $"-Per {Per}");
        Say(IncludeRolling, "-IncludeRolling");
        Say(IncludePrerelease, "-IncludePrerelease");
        return parts.Count == 0 ? "-AllTags" : string.Join(" ", parts);

        void Add(string name, IReadOnlyList<string> values) =>
            Say(values.Count > 0, $"-{name} {string.Join(",", values.Select(v => $"'{v.Replace("'", "''")}'"))}");

        void Say(bool isSaid, string text)
        {
            if (isSaid)
            {
                parts.Add(text);
            }
        }
    }

    private static string[] Time(DateTimeOffset? time) => time is { } value ? [value.ToString("o", CultureInfo.InvariantCulture)] : [];
}
