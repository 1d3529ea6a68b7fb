namespace OciSync.Core.References;

/// <summary>
/// The name of an image in a registry: <c>[docker://]host[:port]/repository[:tag][@digest]</c>. Names without a host are Docker Hub's,
/// as docker and skopeo read them: <c>alpine</c> is <c>docker.io/library/alpine</c>.
/// </summary>
public sealed record ImageReference
{
    // One text of each, whoever shows it: a run of many tags has it in its plan, in its rows and in what it knows of them.
    private string? _text;

    internal ImageReference(string registry, string repository, string? tag, Digest? digest)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host and, where given, port: <c>docker.io</c>, <c>registry.corp:5000</c>, <c>[::1]:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>The repository path: <c>library/alpine</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, or null when none was given.</summary>
    public string? Tag { get; }

    /// <summary>The digest, or null when none was given.</summary>
    public Digest? Digest { get; }

    /// <summary>True when neither a tag nor a digest was given: the name of a repository.</summary>
    public bool IsRepository => Tag is null && Digest is null;

    /// <summary><c>host/repository</c>.</summary>
    public string Name => Registry + "/" + Repository;

    /// <summary>What a manifest request asks for: the digest, else the tag, else <c>latest</c>.</summary>
    public string ManifestReference => Digest?.ToString() ?? Tag ?? DefaultTag;

    internal const string DefaultTag = "latest";

    /// <summary>Reads a reference.</summary>
    /// <exception cref="ReferenceException">The text is no reference; the message says what is wrong where.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var fault) ? reference! : throw new ReferenceException(text, fault!);

    /// <summary>Reads a reference; on failure <paramref name="fault"/> says what is wrong where.</summary>
    public static bool TryParse(string? text, out ImageReference? reference, out string? fault)
    {
        (reference, fault) = ReferenceParser.Parse(text);
        return fault is null;
    }

    /// <summary>The same repository with <c>latest</c> when neither tag nor digest was given.</summary>
    public ImageReference WithDefaultTag() => IsRepository ? WithTag(DefaultTag) : this;

    /// <summary>The same repository with this tag (null for none) and no digest.</summary>
    /// <exception cref="ReferenceException">The text is no tag.</exception>
    public ImageReference WithTag(string? tag) => tag is not null && ReferenceParser.FindTagFault(tag, Name) is { } fault
        ? throw new ReferenceException(Name + ":" + tag, fault)
        : new ImageReference(Registry, Repository, tag, null);

    /// <summary>The same repository with this digest and no tag.</summary>
    public ImageReference WithDigest(Digest digest) => new(Registry, Repository, null, digest);

    /// <inheritdoc/>
    public override string ToString() => _text ??= Name + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <inheritdoc/>
    public bool Equals(ImageReference? other) => ReferenceEquals(this, other)
        || (other is not null && Registry == other.Registry && Repository == other.Repository && Tag == other.Tag && Digest == other.Digest);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());
}
