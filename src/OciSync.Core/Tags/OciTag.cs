using OciSync.Core.References;

namespace OciSync.Core.Tags;

/// <summary>A tag of a repository.</summary>
public sealed class OciTag
{
    internal OciTag(ImageReference repository, TagVersion version, bool isRolling)
    {
        Registry = repository.Registry;
        Repository = repository.Repository;
        Version = version;
        IsRolling = isRolling;
        Reference = repository.Name + ":" + version;
    }

    private OciTag(OciTag other)
    {
        Registry = other.Registry;
        Repository = other.Repository;
        Version = other.Version;
        IsRolling = other.IsRolling;
        Reference = other.Reference;
        Digest = other.Digest;
        Created = other.Created;
        DropReason = other.DropReason;
    }

    /// <summary>The registry, such as docker.io.</summary>
    public string Registry { get; }

    /// <summary>The repository's path, such as library/alpine.</summary>
    public string Repository { get; }

    /// <summary>The tag.</summary>
    public string Tag => Version.ToString();

    /// <summary>The tag as something that can be compared.</summary>
    public TagVersion Version { get; }

    /// <summary>What the tag is: a version, a date, a commit, a name.</summary>
    public string Scheme => Version.Scheme.ToString();

    /// <summary>The line of builds the version belongs to: its suffix, empty for the main one.</summary>
    public string Family => Version.Family;

    /// <summary>An alpha, beta, rc, nightly or the like.</summary>
    public bool IsPrerelease => Version.IsPrerelease;

    /// <summary>A tag that moves: a name, or a short version with longer ones under it.</summary>
    public bool IsRolling { get; }

    /// <summary>An image, or what belongs to another one.</summary>
    public string Kind => (Version.Scheme != TagScheme.DigestTag ? OciTagKind.Image
        : Tag.IndexOf('.') < 0 ? OciTagKind.Digest : OciTagKind.Signature).ToString();

    /// <summary>The digest, where it was asked for; else null.</summary>
    public string? Digest { get; internal init; }

    /// <summary>When the image was made, where it was asked for; else null.</summary>
    public DateTimeOffset? Created { get; internal init; }

    /// <summary>The full reference.</summary>
    public string Reference { get; internal init; }

    /// <summary>Why it isn't wanted, where that was asked for; else null.</summary>
    public string? DropReason { get; internal init; }

    internal OciTag Because(string? dropReason) => dropReason is null ? this : new OciTag(this) { DropReason = dropReason };

    internal OciTag MadeAt(DateTimeOffset? created) => new(this) { Created = created };

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
