using System.Globalization;
using OciSync.Core.Text;
using OciSync.Core.Versions;

namespace OciSync.Core.Tags;

/// <summary>
/// Applies a <see cref="TagChoice"/> to the tags of a repository: a pure function from a sorted list to the same list with a reason for each
/// tag that is not wanted.
/// </summary>
public sealed class TagSelector
{
    // Reproducible builds date themselves 1970 or 1980: that says nothing about when they were made.
    private static readonly DateTimeOffset FirstKnownTime = new(1981, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TagFilter _filter;
    private readonly VersionRange? _range;
    private readonly List<(string Text, WildcardPattern Pattern)> _families;

    /// <param name="choice">What is wanted.</param>
    /// <exception cref="OciException">The choice can't be understood (<see cref="OciErrorKind.ChoiceInvalid"/>); the message says what and where.</exception>
    public TagSelector(TagChoice choice)
    {
        Choice = choice;
        _filter = new TagFilter(choice);
        _range = choice.VersionRange is null ? null : VersionRange.Parse(choice.VersionRange);
        _families = TagFilter.Read(choice.Family);
    }

    /// <summary>What is wanted.</summary>
    public TagChoice Choice { get; }

    /// <summary>All tags in order; those that are not wanted have a <see cref="OciTag.DropReason"/>.</summary>
    /// <param name="tags">The tags of one repository, ascending.</param>
    public IReadOnlyList<OciTag> Explain(IReadOnlyList<OciTag> tags) => Finish(Survey(tags));

    /// <summary>The tags that are wanted, in order.</summary>
    public IEnumerable<OciTag> Select(IReadOnlyList<OciTag> tags) => Explain(tags).Where(t => t.DropReason is null);

    /// <summary>All conditions but time and number.</summary>
    internal IReadOnlyList<OciTag> Survey(IReadOnlyList<OciTag> tags)
    {
        var named = tags.Select(t => t.DropReason is null ? t.Because(_filter.FindReason(t.Tag)) : t).ToList();
        if (!Choice.IsByVersion)
        {
            return named;
        }

        var strays = StrayTags.Find(named.Where(t => t.DropReason is null));
        named = named.Select(t => t.DropReason is null && strays.TryGetValue(t.Tag, out var reason) ? t.Because(reason) : t).ToList();
        var scheme = named.Exists(t => t.DropReason is null && t.Version.Scheme == TagScheme.Version) ? TagScheme.Version : TagScheme.Date;
        var kept = named.Select(t => t.DropReason is null ? t.Because(FindVersionReason(t, scheme)) : t).ToList();
        var main = MainFamily(kept.Where(t => t.DropReason is null));
        return kept.Select(t => t.DropReason is null ? t.Because(FindFamilyReason(t, main)) : t).ToList();
    }

    /// <summary>Time, where images' times are known by now, and number.</summary>
    internal IReadOnlyList<OciTag> Finish(IReadOnlyList<OciTag> tags)
    {
        var timed = Choice.IsByTime ? tags.Select(t => t.DropReason is null ? t.Because(FindTimeReason(t)) : t).ToList() : tags;
        return Choice.Latest is null && Choice.SkipLatest == 0 ? timed : TakeLatest(timed);
    }

    private string? FindVersionReason(OciTag tag, TagScheme scheme)
    {
        if (tag.Version.Scheme != scheme)
        {
            return tag.Version.Scheme == TagScheme.Date ? "it is a date, and there are versions" : "it is no version";
        }

        if (tag.IsRolling && !Choice.IncludeRolling)
        {
            return "it rolls: longer versions stand under it";
        }

        var isInRange = _range?.Contains(tag.Version, Choice.IncludePrerelease);
        if (isInRange == false)
        {
            return $"it is not in the range '{_range}'";
        }

        return tag.IsPrerelease && !Choice.IncludePrerelease && _range?.NamesPrerelease != true ? "it is a pre-release" : null;
    }

    private string? FindFamilyReason(OciTag tag, string main)
    {
        var isWanted = _families.Count == 0 ? tag.Family == main : _families.Exists(f => f.Pattern.IsMatch(tag.Family));
        return isWanted ? null : tag.Family.Length == 0 ? "it belongs to the plain family" : $"it belongs to the family '{tag.Family}'";
    }

    private string? FindTimeReason(OciTag tag)
    {
        if (tag.Created is not { } created || created < FirstKnownTime)
        {
            return "when it was made is not known";
        }

        var day = created.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return created < Choice.Since || created >= Choice.Before ? $"it was made on {day}" : null;
    }

    // The plain family, or that of the newest version.
    private static string MainFamily(IEnumerable<OciTag> tags)
    {
        var newest = string.Empty;
        foreach (var tag in tags)
        {
            if (tag.Family.Length == 0)
            {
                return string.Empty;
            }

            newest = tag.Family;
        }

        return newest;
    }

    private List<OciTag> TakeLatest(IReadOnlyList<OciTag> tags)
    {
        var lines = new Dictionary<(string, string), TagCounter>();
        var result = new List<OciTag>(tags.Count);
        foreach (var tag in tags.Reverse())
        {
            if (tag.DropReason is null)
            {
                var line = (Choice.IsByVersion ? tag.Family : string.Empty, LineOf(tag.Version));
                if (!lines.TryGetValue(line, out var counter))
                {
                    lines.Add(line, counter = new TagCounter(Choice.SkipLatest, Choice.Latest));
                }

                result.Add(tag.Because(counter.FindReason(tag.Version)));
            }
            else
            {
                result.Add(tag);
            }
        }

        result.Reverse();
        return result;
    }

    private string LineOf(TagVersion version) => Choice.Per switch
    {
        TagLine.Major => version.Numbers[0],
        TagLine.Minor => version.Numbers[0] + "." + (version.Numbers.Count > 1 ? version.Numbers[1] : "0"),
        _ => string.Empty,
    };
}
