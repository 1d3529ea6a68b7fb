namespace OciSync.Core.Tags;

/// <summary>What the newest are counted in.</summary>
public enum TagLine
{
    /// <summary>The repository as a whole.</summary>
    Repository,

    /// <summary>Each major version.</summary>
    Major,

    /// <summary>Each minor version.</summary>
    Minor,
}
