namespace OciSync.Core.Versions;

/// <summary>How a version stands to the span of a <see cref="VersionComparator"/>.</summary>
internal enum VersionRelation
{
    /// <summary>In it.</summary>
    Within,

    /// <summary>Not in it.</summary>
    Outside,

    /// <summary>Before it.</summary>
    Below,

    /// <summary>Before its end.</summary>
    NotAbove,

    /// <summary>After it.</summary>
    Above,

    /// <summary>After its beginning.</summary>
    NotBelow,
}
