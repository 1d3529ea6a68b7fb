namespace OciSync.Core.Versions;

/// <summary>How a version stands to the span of a <see cref="VersionComparator"/>.</summary>
internal enum VersionRelation
{
    /// <summary>Neither below the span nor above it: = ~ ^ and a bare version.</summary>
    Within,

    /// <summary>Below the span or above it: !=.</summary>
    Outside,

    /// <summary>Below the span: &lt;.</summary>
    Below,

    /// <summary>In the span or below it: &lt;=.</summary>
    NotAbove,

    /// <summary>Above the span: &gt;.</summary>
    Above,

    /// <summary>In the span or above it: &gt;=.</summary>
    NotBelow,
}
