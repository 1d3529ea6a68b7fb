using OciSync.Core.Signing;

namespace OciSync.Core.Tests.Signing.Judging;

/// <summary>Identities as short texts: the type, and what belongs to it.</summary>
internal static class Identities
{
    internal static SignedIdentity Parse(string text) => text.Split(' ') switch
    {
        ["matchExact"] => new SignedIdentity.MatchExact(),
        ["matchRepository"] => new SignedIdentity.MatchRepository(),
        ["exactReference", var name] => new SignedIdentity.ExactReference(DockerName.Parse(name, out _)!),
        ["exactRepository", var name] => new SignedIdentity.ExactRepository(name),
        ["remapIdentity", var prefix, var signedPrefix] => new SignedIdentity.RemapIdentity(prefix, signedPrefix),
        _ => new SignedIdentity.MatchRepoDigestOrExact(),
    };
}
