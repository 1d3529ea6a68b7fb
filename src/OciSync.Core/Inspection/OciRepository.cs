namespace OciSync.Core.Inspection;

/// <summary>A repository of a registry.</summary>
public sealed class OciRepository
{
    internal OciRepository(string registry, string repository)
    {
        Registry = registry;
        Repository = repository;
    }

    /// <summary>The registry, such as registry.corp.local:5000.</summary>
    public string Registry { get; }

    /// <summary>The repository's path, such as team/app.</summary>
    public string Repository { get; }

    /// <summary>Registry and path.</summary>
    public string Reference => Registry + "/" + Repository;

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
