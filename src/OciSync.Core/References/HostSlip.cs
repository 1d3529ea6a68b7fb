using System.Globalization;

namespace OciSync.Core.References;

/// <summary>
/// Names that are a registry's to people and an image's to the grammar: <c>127.0.0.1:5000</c> is the tag 5000 of Docker Hub's library/127.0.0.1.
/// Such an image may be asked for by its whole name, <c>docker.io/library/127.0.0.1:5000</c>.
/// </summary>
public static class HostSlip
{
    private static readonly string[] Archives = [".tar", ".tgz", ".gz", ".xz", ".zst", ".bz2"];
    private static readonly string[] SyncFiles = [".yaml", ".yml"];

    private const int FirstPort = 1024;
    private const int LastPort = 65535;

    // A tag may be a year (amazonlinux:2023); no registry is at such a port.
    private const int FirstYear = 1990;
    private const int LastYear = 2099;

    /// <summary>What the grammar makes of a text that looks like a host, with or without a port; null where it doesn't.</summary>
    public static ImageReference? Find(string? text)
    {
        var name = (text ?? string.Empty).Trim();
        name = name.StartsWith("docker://", StringComparison.Ordinal) ? name.Substring("docker://".Length) : name;
        return name.IndexOfAny(['/', '@']) < 0 && ImageReference.TryParse(name, out var reference, out _) && IsHost(name, reference!) ? reference : null;
    }

    /// <summary>What such a text is by its looks, and how that is written; <paramref name="name"/> is what an image there would be called.</summary>
    public static string Explain(string text, string name)
    {
        bool EndsWith(string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase);
        return Archives.Any(EndsWith) ? $"It looks like an archive, which is written docker-archive:{text} or oci-archive:{text}"
            : SyncFiles.Any(EndsWith) ? $"It looks like a sync file, which Sync-OciImage takes with -ConfigPath {text}"
            : EndsWith(".json") ? $"It looks like the file of a manifest, of which Get-OciDigest -Path {text} gives the digest"
            : $"It looks like a registry, of which an image is called {text}/{name}";
    }

    // Docker Hub's own images have no dots in their names, and no tags that are numbers of ports but years.
    private static bool IsHost(string name, ImageReference reference)
    {
        var host = name.Split(':')[0];
        return RegistryHost.LooksLikeHost(host)
            || (int.TryParse(reference.Tag, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= FirstPort and <= LastPort and not (>= FirstYear and <= LastYear));
    }
}
