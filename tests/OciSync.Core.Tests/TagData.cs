namespace OciSync.Core.Tests;

/// <summary>Tag lists of real repositories, as they were one day.</summary>
internal static class TagData
{
    internal static readonly string[] Names =
        ["alpine", "base", "cert-manager-webhook", "etcd", "grafana", "kube-webhook-certgen", "nginx", "node", "openjdk", "pause", "redis"];

    internal static string[] Read(string name)
    {
        using var stream = typeof(TagData).Assembly.GetManifestResourceStream(name + ".txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
