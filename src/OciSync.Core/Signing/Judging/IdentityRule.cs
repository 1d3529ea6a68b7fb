namespace OciSync.Core.Signing.Judging;

/// <summary>Whether the name in a signature is the one that a policy wants (containers-policy.json(5), "signedIdentity").</summary>
internal static class IdentityRule
{
    /// <summary>Compares names; tags and digests belong to them where the identity says so.</summary>
    /// <param name="identity">What the policy wants.</param>
    /// <param name="asked">The name that was asked for; null where images have none.</param>
    /// <param name="signed">The name in the signature.</param>
    internal static bool Accepts(SignedIdentity identity, DockerName? asked, DockerName signed) => identity switch
    {
        SignedIdentity.ExactReference exact => !exact.Name.IsNameOnly && signed == exact.Name,
        SignedIdentity.ExactRepository exact => signed.Repository == exact.Repository,
        SignedIdentity.AnyName => true,
        _ when asked is null => false,
        SignedIdentity.MatchRepository => signed.Repository == asked.Repository,
        SignedIdentity.MatchExact => !asked.IsNameOnly && signed == asked,
        SignedIdentity.MatchRepoDigestOrExact => IsRepoDigestOrExact(asked, signed),
        SignedIdentity.RemapIdentity remap => IsRepoDigestOrExact(Remap(remap, asked), signed),
        _ => false,
    };

    /// <summary>The name with its beginning replaced, or as it is where it begins otherwise.</summary>
    internal static DockerName Remap(SignedIdentity.RemapIdentity remap, DockerName asked) =>
        asked.Repository == remap.Prefix || asked.Repository.StartsWith(remap.Prefix + "/", StringComparison.Ordinal)
            ? asked with { Repository = remap.SignedPrefix + asked.Repository.Substring(remap.Prefix.Length) }
            : asked;

    // By a tag it has to be the same name; by a digest any name of the repository will do that has a tag or a digest.
    private static bool IsRepoDigestOrExact(DockerName asked, DockerName signed) =>
        !signed.IsNameOnly && (asked.Tag is not null ? signed == asked : asked.Digest is not null && signed.Repository == asked.Repository);
}
