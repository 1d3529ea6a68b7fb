namespace OciSync.Core.Tests.Pairs;

/// <summary>A kind of image on its way from one transport to another.</summary>
internal sealed record PairCase(string Kind, string Source, string Destination)
{
    internal static readonly string[] Kinds = ["single", "index", "docker", "zstd", "chart"];
    internal static readonly string[] Transports = ["docker", "oci", "oci-archive", "dir", "docker-archive", "docker-daemon"];

    /// <summary>What has to come of it: how equal the image is, or the error id that says why it can't be.</summary>
    internal string Expected => (Kind == "chart", IsDockers(Source) || IsDockers(Destination), IsIndex) switch
    {
        (true, true, _) => PairOutcome.Refused,
        (_, false, _) => PairOutcome.Bytes,
        (_, _, true) => PairOutcome.OnePlatform,
        _ => PairOutcome.Content,
    };

    /// <summary>Whether it is an image of several platforms.</summary>
    internal bool IsIndex => Kind is "index" or "docker";

    /// <summary>Whether the case needs an engine.</summary>
    internal bool NeedsDaemon => Source == "docker-daemon" || Destination == "docker-daemon";

    internal static IEnumerable<PairCase> All() =>
        from kind in Kinds from source in Transports from destination in Transports select new PairCase(kind, source, destination);

    /// <summary>Whether images are there without a manifest, of one platform and with layers unpacked.</summary>
    internal static bool IsDockers(string transport) => transport is "docker-archive" or "docker-daemon";

    public override string ToString() => $"{Kind}, {Source} to {Destination}";
}
