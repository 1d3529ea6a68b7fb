using OciSync.Core.References;

namespace OciSync.Core.Sights;

/// <summary>When the tags and digests of one source repository were first seen from here. Times are UTC, to the second. Safe for several threads.</summary>
internal sealed class SightBook
{
    private readonly Dictionary<string, DateTimeOffset> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, DateTimeOffset> _digests = [];

    /// <summary>The latest time that any run knew: no clock of a later run can be before it.</summary>
    internal DateTimeOffset Latest { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The tags and their first sight.</summary>
    internal IReadOnlyDictionary<string, DateTimeOffset> Tags => _tags;

    /// <summary>The digests and their first sight.</summary>
    internal IReadOnlyDictionary<Digest, DateTimeOffset> Digests => _digests;

    /// <summary>The first sight of a tag by name, or null.</summary>
    internal DateTimeOffset? Find(string tag) => Find(_tags, tag);

    /// <summary>The first sight of a digest, under whatever tag, or null.</summary>
    internal DateTimeOffset? Find(Digest digest) => Find(_digests, digest);

    /// <summary>Notes a tag; what is known longer stays so. True when it says something new.</summary>
    internal bool See(string tag, DateTimeOffset time) => Add(_tags, tag, time);

    /// <summary>Notes a digest in the same way.</summary>
    internal bool See(Digest digest, DateTimeOffset time) => Add(_digests, digest, time);

    /// <summary>Notes that it is this time.</summary>
    internal void Reach(DateTimeOffset time) => Latest = time > Latest ? time : Latest;

    private static DateTimeOffset? Find<T>(Dictionary<T, DateTimeOffset> seen, T what)
        where T : notnull
    {
        lock (seen)
        {
            return seen.TryGetValue(what, out var time) ? time : null;
        }
    }

    private static bool Add<T>(Dictionary<T, DateTimeOffset> seen, T what, DateTimeOffset time)
        where T : notnull
    {
        lock (seen)
        {
            if (seen.TryGetValue(what, out var known) && known <= time)
            {
                return false;
            }

            seen[what] = time;
            return true;
        }
    }
}
