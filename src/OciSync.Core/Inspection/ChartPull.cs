using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Inspection;

/// <summary>
/// A Helm chart in a registry: a manifest whose one layer is the packed chart (Helm, "Use OCI-based registries"). It is read into memory,
/// verified, and searched.
/// </summary>
internal sealed class ChartPull(IImageSource client, ImageReference chart)
{
    private const string Config = "application/vnd.cncf.helm.config.v1+json";

    // What Helm itself writes, and what it wrote before version 3.7.
    private static readonly string[] Layers = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];

    private const int LargestChart = 20 * 1024 * 1024;
    private const int BufferSize = 64 * 1024;

    /// <exception cref="OciException">It can't be read, or is no chart.</exception>
    internal async Task<FindOutcome> FindAsync(FindOptions options, CancellationToken cancellationToken)
    {
        var manifest = await client.GetManifestAsync(chart.ManifestReference, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        var layer = manifest.Config?.MediaType == Config ? manifest.Layers.FirstOrDefault(l => Layers.Contains(l.MediaType)) : null;
        if (layer is null)
        {
            throw new OciException(
                OciErrorKind.DocumentInvalid, $"'{chart}' is no Helm chart, but an image or another artifact. Its name is taken as it is: 'oci://' isn't needed.");
        }

        if (layer.Size > LargestChart)
        {
            throw new OciException(
                OciErrorKind.DocumentInvalid, $"The chart '{chart}' has {layer.Size} bytes; at most {LargestChart} are read.");
        }

        using var packed = await ReadAsync(layer, cancellationToken).ConfigureAwait(false);
        return new ImageFinder(options).FindInChart(packed, "oci://" + chart);
    }

    private async Task<MemoryStream> ReadAsync(Descriptor layer, CancellationToken cancellationToken)
    {
        using var reader = new SourceBlobReader(client, layer, null);
        var content = new MemoryStream((int)layer.Size);
        var buffer = new byte[BufferSize];
        while (!reader.IsAtEnd)
        {
            var read = await reader.FillAsync(buffer, buffer.Length, cancellationToken).ConfigureAwait(false);
            content.Write(buffer, 0, read);
        }

        content.Position = 0;
        return content;
    }
}
