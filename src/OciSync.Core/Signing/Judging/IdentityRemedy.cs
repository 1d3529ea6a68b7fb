namespace OciSync.Core.Signing.Judging;

/// <summary>What to write into a policy when a signature is good and for another name. Never a wider rule than the signature needs.</summary>
internal static class IdentityRemedy
{
    /// <summary>One or two sentences with the lines to add.</summary>
    /// <param name="identity">What the policy wants now.</param>
    /// <param name="asked">The name that was asked for; null where images have none.</param>
    /// <param name="signed">The name in the signature.</param>
    internal static string Of(SignedIdentity identity, DockerName? asked, DockerName signed)
    {
        if (asked is null || identity is SignedIdentity.ExactReference or SignedIdentity.ExactRepository)
        {
            return Give(signed.IsNameOnly ? ExactRepository(signed) : ExactReference(signed), asked is null ? null : "If that is the name it is signed under");
        }

        var wanted = identity is SignedIdentity.RemapIdentity remap ? IdentityRule.Remap(remap, asked) : asked;
        if (wanted.Repository != signed.Repository)
        {
            return OfMirror(asked, signed);
        }

        return signed.IsNameOnly
            ? "The signature names no tag, as cosign's don't. " + Give(wanted == asked ? "{ \"type\": \"matchRepository\" }" : ExactRepository(signed))
            : $"It is signed under another {(signed.Tag is null ? "name" : "tag")}. "
                + Give(wanted == asked ? "{ \"type\": \"matchRepository\" }" : ExactRepository(signed), "If any tag of the repository will do");
    }

    // The parts at the end that both names share stay; what stands before them is what the mirror has changed.
    private static string OfMirror(DockerName asked, DockerName signed)
    {
        var (ours, theirs) = (asked.Repository.Split('/'), signed.Repository.Split('/'));
        var shared = 0;
        while (shared < ours.Length - 1 && shared < theirs.Length - 1 && ours[ours.Length - 1 - shared] == theirs[theirs.Length - 1 - shared])
        {
            shared++;
        }

        var fits = !signed.IsNameOnly && (asked.Tag is null || asked.Tag == signed.Tag);
        var line = !fits ? ExactRepository(signed)
            : $"{{ \"type\": \"remapIdentity\", \"prefix\": \"{Head(ours, shared)}\", \"signedPrefix\": \"{Head(theirs, shared)}\" }}";
        return Give(line, $"If '{asked.Repository}' is a mirror of '{signed.Repository}'");
    }

    private static string Head(string[] parts, int shared) => string.Join("/", parts.Take(parts.Length - shared));

    private static string ExactReference(DockerName name) => $"{{ \"type\": \"exactReference\", \"dockerReference\": \"{name}\" }}";

    private static string ExactRepository(DockerName name) => $"{{ \"type\": \"exactRepository\", \"dockerRepository\": \"{name.Repository}\" }}";

    private static string Give(string line, string? condition = null) =>
        (condition is null ? "In the policy" : condition + ", in the policy") + $": \"signedIdentity\": {line}";
}
