using OciSync.Core.References;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>The digests that a cluster says the containers of a pod run, by their names (<c>status.containerStatuses[].imageID</c>).</summary>
internal static class RunningDigests
{
    private static readonly string[] Lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

    internal static Dictionary<string, string> Read(SourceNode pod)
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        if (pod.Find("status") is not { } status)
        {
            return digests;
        }

        foreach (var container in Lists.SelectMany(l => status.Find(l)?.Items ?? []))
        {
            if (container.TextOf("name") is { } name && Find(container.TextOf("imageID")) is { } digest)
            {
                digests[name] = digest;
            }
        }

        return digests;
    }

    // repository@digest, with or without docker-pullable://; a digest alone is the id of a config.
    private static string? Find(string? imageId)
    {
        var at = imageId?.LastIndexOf('@') ?? -1;
        return at > 0 && Digest.TryParse(imageId!.Substring(at + 1), out var digest, out _) ? digest!.ToString() : null;
    }
}
