using OciSync.Core.References;

namespace OciSync.Core.Tags;

/// <summary>The tags of a repository in order, from whatever list a registry gave (a pure function).</summary>
public sealed class TagList
{
    private TagList(IReadOnlyList<OciTag> tags, IReadOnlyList<string> invalid)
    {
        Tags = tags;
        Invalid = invalid;
    }

    /// <summary>The tags, ascending, each once.</summary>
    public IReadOnlyList<OciTag> Tags { get; }

    /// <summary>Entries that are no tags and were left out, as they came; they may hold anything.</summary>
    public IReadOnlyList<string> Invalid { get; }

    /// <summary>A sentence for each entry that was left out, fit to be shown.</summary>
    public IEnumerable<string> Remarks =>
        Invalid.Select(name => $"{(name.Length == 0 ? "An empty entry" : $"'{Printable.Text(name)}'")} is no tag; it is left out.");

    /// <summary>Sorts the names a registry gave; what stands twice is taken once.</summary>
    public static TagList Create(ImageReference repository, IEnumerable<string?> names) => Create(repository, names, null);

    /// <summary>The same; <paramref name="locate"/> gives the reference of a tag where it isn't a registry's.</summary>
    internal static TagList Create(ImageReference repository, IEnumerable<string?> names, Func<string, string>? locate)
    {
        var distinct = names.Select(n => n ?? string.Empty).Distinct(StringComparer.Ordinal)
            .ToLookup(n => ReferenceParser.FindTagFault(n, repository.Name) is null);
        var versions = distinct[true].Select(TagVersion.Parse).OrderBy(v => v).ToList();
        var rolling = RollingTags.Find(versions);
        return new TagList(
            versions.Select(v => Create(repository, v, v.Scheme == TagScheme.Name || rolling.Contains(v), locate)).ToList(),
            distinct[false].ToList());
    }

    private static OciTag Create(ImageReference repository, TagVersion version, bool isRolling, Func<string, string>? locate) =>
        locate is null
            ? new OciTag(repository, version, isRolling)
            : new OciTag(repository, version, isRolling) { Reference = locate(version.ToString()) };
}
