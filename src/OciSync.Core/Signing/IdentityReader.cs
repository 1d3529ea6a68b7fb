namespace OciSync.Core.Signing;

/// <summary>Reads which name a signature has to be for.</summary>
internal static class IdentityReader
{
    private const string Known = "matchExact, matchRepoDigestOrExact, matchRepository, exactReference, exactRepository and remapIdentity";

    /// <summary>What applies where nothing is said.</summary>
    internal static SignedIdentity ReadOrDefault(PlacedJson? value) => value is null ? new SignedIdentity.MatchRepoDigestOrExact() : Read(value);

    /// <exception cref="PolicyFaultException">It is none.</exception>
    internal static SignedIdentity Read(PlacedJson value)
    {
        var type = value.RequireObject().Find("type");
        switch (type?.RequireText())
        {
            case "matchExact":
                value.RequireExactly("type");
                return new SignedIdentity.MatchExact();
            case "matchRepoDigestOrExact":
                value.RequireExactly("type");
                return new SignedIdentity.MatchRepoDigestOrExact();
            case "matchRepository":
                value.RequireExactly("type");
                return new SignedIdentity.MatchRepository();
            case "exactReference":
                return new SignedIdentity.ExactReference(ReadReference(value.RequireExactly("type", "dockerReference").Find("dockerReference")!));
            case "exactRepository":
                // A tag or digest is read, and has no effect.
                return new SignedIdentity.ExactRepository(ReadName(value.RequireExactly("type", "dockerRepository").Find("dockerRepository")!).Repository);
            case "remapIdentity":
                value.RequireExactly("type", "prefix", "signedPrefix");
                return new SignedIdentity.RemapIdentity(ReadPrefix(value.Find("prefix")!), ReadPrefix(value.Find("signedPrefix")!));
            default:
                throw (type ?? value).Fault(
                    type is null ? $"the key type is missing; known are {Known}" : $"there is no identity '{type.Text}'; known are {Known}");
        }
    }

    private static DockerName ReadReference(PlacedJson value)
    {
        var name = ReadName(value);
        return name.IsNameOnly ? throw value.Fault($"'{value.Text}' has neither a tag nor a digest; a repository is an exactRepository") : name;
    }

    private static DockerName ReadName(PlacedJson value) =>
        DockerName.Parse(value.RequireText(), out var fault) ?? throw value.Fault($"'{value.Text}' is not the name of an image: {fault}");

    private static string ReadPrefix(PlacedJson value) => DockerName.IsPrefix(value.RequireText())
        ? value.Text
        : throw value.Fault($"'{value.Text}' can't be the beginning of names: it is a host, or a host and whole parts of a path, without '/' at its end");
}
