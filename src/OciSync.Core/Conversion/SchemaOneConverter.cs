using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>
/// Makes a schema 1 image one of schema 2 or OCI. The old manifest tells neither sizes nor diff ids: every layer is read once for them.
/// </summary>
internal sealed class SchemaOneConverter(IImageSource source, ImageFormat format, LayerSpool spool)
{
    private static readonly JsonSerializerOptions Output = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal async Task<ConvertedImage> ConvertAsync(Manifest manifest, WorkScope work)
    {
        var old = manifest.SchemaOne!;
        var layers = old.Layers.ToList();
        var known = new Dictionary<Digest, (Descriptor Layer, Digest DiffId)>();
        await Throttle.ForEachAsync(
            layers.Distinct(),
            Environment.ProcessorCount + 1,
            async (digest, token) =>
            {
                var read = await MeasureAsync(digest, work.With(token)).ConfigureAwait(false);
                lock (known)
                {
                    known[digest] = read;
                }
            },
            work.Token).ConfigureAwait(false);
        return Build(old, layers.Select(l => known[l]).ToList());
    }

    private ConvertedImage Build(SchemaOneContent old, List<(Descriptor Layer, Digest DiffId)> layers)
    {
        var config = JsonSerializer.SerializeToUtf8Bytes(old.ToConfig(layers.Select(l => l.DiffId.ToString()).ToList()), Output);
        var isOci = format == ImageFormat.Oci;
        var root = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = isOci ? MediaTypes.OciManifest : MediaTypes.DockerManifest,
            ["config"] = Write(isOci ? MediaTypes.OciConfig : MediaTypes.DockerConfig, Digest.Of(config), config.Length),
            ["layers"] = new JsonArray([.. layers.Select(l => (JsonNode)Write(l.Layer.MediaType, l.Layer.Digest, l.Layer.Size))]),
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(root, Output);
        var manifest = ManifestReader.Read(bytes, null, Digest.Of(bytes), source.DisplayName);
        var made = new ConvertedSource(source, spool);
        made.Add(manifest.Config!.Digest, config);
        made.Add(manifest);
        return new ConvertedImage(manifest, made, $"converted from Docker schema 1 to {(isOci ? "OCI" : "Docker")} format");
    }

    private async Task<(Descriptor Layer, Digest DiffId)> MeasureAsync(Digest digest, WorkScope work)
    {
        var size = await source.Connection.Retry.RunAsync(token => FindSizeAsync(digest, token), work).ConfigureAwait(false);
        var (found, diffId) = await spool.MeasureAsync(source, new Descriptor(string.Empty, digest, size), work).ConfigureAwait(false);
        return (new Descriptor(new LayerType(format, false, found).ToString(), digest, size), diffId);
    }

    private async Task<long> FindSizeAsync(Digest digest, CancellationToken cancellationToken)
    {
        using var opened = await source.OpenBlobAsync(digest, 0, cancellationToken).ConfigureAwait(false);
        return opened.Answer.ContentLength
            ?? throw new OciException(OciErrorKind.ProtocolError, $"{source.NameBlob(digest)} comes without a length, and its manifest says none either.");
    }

    private static JsonObject Write(string mediaType, Digest digest, long size) =>
        new() { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = size };
}
