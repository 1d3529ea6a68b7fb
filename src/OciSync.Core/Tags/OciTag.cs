using OciSync.Core.References;
using OciSync.Core.Versions;

namespace OciSync.Core.Tags;

/// <summary>A tag of a repository.</summary>
public sealed class OciTag
{
    // There may be a million of a repository: what they share, and what few of them have, takes no room in each.
    private readonly ImageReference _repository;
    private Details? _details;

    internal OciTag(ImageReference repository, TagVersion version, bool isRolling)
    {
        _repository = repository;
        Version = version;
        IsRolling = isRolling;
    }

    private OciTag(OciTag other, Details details)
        : this(other._repository, other.Version, other.IsRolling) => _details = details;

    /// <summary>The registry, such as docker.io.</summary>
    public string Registry => _repository.Registry;

    /// <summary>The repository's path, such as library/alpine.</summary>
    public string Repository => _repository.Repository;

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
    public string? Digest => _details?.Digest;

    /// <summary>When the image was made, where it was asked for; else null.</summary>
    public DateTimeOffset? Created => _details?.Created;

    /// <summary>The full reference.</summary>
    public string Reference
    {
        get => _details?.Reference ?? _repository.Name + ":" + Version;
        internal init => _details = More with { Reference = value };
    }

    /// <summary>Why it isn't wanted, where that was asked for; else null.</summary>
    public string? DropReason => _details?.DropReason;

    private Details More => _details ?? new Details(null, null, null, null);

    internal OciTag Because(string? dropReason) => dropReason is null ? this : new OciTag(this, More with { DropReason = dropReason });

    internal OciTag MadeAt(DateTimeOffset? created) => new(this, More with { Created = created });

    /// <inheritdoc/>
    public override string ToString() => Reference;

    private sealed record Details(string? Reference, string? Digest, DateTimeOffset? Created, string? DropReason);
}
