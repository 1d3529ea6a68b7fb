using OciSync.Core.References;
using OciSync.Core.Text;
using OciSync.Core.Versions;

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
        var versions = new List<TagVersion>();
        var invalid = new List<string>();
        foreach (var name in names)
        {
            if (ReferenceParser.FindTagFault(name ?? string.Empty, repository.Name) is null)
            {
                versions.Add(TagVersion.Parse(name!));
            }
            else
            {
                invalid.Add(name ?? string.Empty);
            }
        }

        Sort(versions);
        var rolling = RollingTags.Find(versions);
        return new TagList(
            versions.ConvertAll(v => Create(repository, v, v.Scheme == TagScheme.Name || rolling.Contains(v), locate)),
            invalid.Distinct(StringComparer.Ordinal).ToList());
    }

    // In place, and what stands twice then stands side by side: a list of a million names has no room for copies of itself.
    private static void Sort(List<TagVersion> versions)
    {
        versions.Sort();
        var kept = 0;
        for (var i = 0; i < versions.Count; i++)
        {
            if (kept == 0 || versions[kept - 1] != versions[i])
            {
                versions[kept++] = versions[i];
            }
        }

        versions.RemoveRange(kept, versions.Count - kept);
    }

    private static OciTag Create(ImageReference repository, TagVersion version, bool isRolling, Func<string, string>? locate) =>
        locate is null
            ? new OciTag(repository, version, isRolling)
            : new OciTag(repository, version, isRolling) { Reference = locate(version.ToString()) };
}
