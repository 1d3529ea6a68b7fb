namespace OciSync.Core.Signing;

/// <summary>Which name a signature has to be for (containers-policy.json(5), "signedIdentity").</summary>
internal abstract record SignedIdentity
{
    private SignedIdentity()
    {
    }

    /// <summary>The word for it in the file.</summary>
    internal abstract string Type { get; }

    /// <summary>It can fit an image that has no name, as one in a folder.</summary>
    internal virtual bool FitsNameless => false;

    /// <summary>As in the file, with what belongs to it.</summary>
    public sealed override string ToString() => Type + Details;

    private protected virtual string Details => string.Empty;

    /// <summary>The name asked for, tag or digest included.</summary>
    internal sealed record MatchExact : SignedIdentity
    {
        internal override string Type => "matchExact";
    }

    /// <summary>The name asked for; asked by digest, any name of its repository that has a tag or a digest. What applies where nothing is said.</summary>
    internal sealed record MatchRepoDigestOrExact : SignedIdentity
    {
        internal override string Type => "matchRepoDigestOrExact";
    }

    /// <summary>Any name of the same repository.</summary>
    internal sealed record MatchRepository : SignedIdentity
    {
        internal override string Type => "matchRepository";
    }

    /// <summary>This one name, whatever is asked for.</summary>
    internal sealed record ExactReference(DockerName Name) : SignedIdentity
    {
        internal override string Type => "exactReference";

        internal override bool FitsNameless => true;

        private protected override string Details => " " + Name;
    }

    /// <summary>Any name at all: what a key signed, whatever for. No policy can say this.</summary>
    internal sealed record AnyName : SignedIdentity
    {
        internal override string Type => "any name";

        internal override bool FitsNameless => true;
    }

    /// <summary>Any name of this one repository, whatever is asked for.</summary>
    internal sealed record ExactRepository(string Repository) : SignedIdentity
    {
        internal override string Type => "exactRepository";

        internal override bool FitsNameless => true;

        private protected override string Details => " " + Repository;
    }

    /// <summary>
    /// As <see cref="MatchRepoDigestOrExact"/>, the beginning of the name asked for (whole parts of it) replaced; a name with another
    /// beginning stays as it is.
    /// </summary>
    internal sealed record RemapIdentity(string Prefix, string SignedPrefix) : SignedIdentity
    {
        internal override string Type => "remapIdentity";

        private protected override string Details => $" {Prefix} -> {SignedPrefix}";
    }
}
