using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Conversion;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;
using MediaTypes = OciSync.Core.Manifests.MediaTypes;

namespace OciSync.Core.Tests.Conversion;

/// <summary>Copies with a conversion, and what is in an image whatever it is packed with.</summary>
internal static class Convert
{
    internal static readonly ConversionOptions ToDocker = new() { Format = ImageFormat.Docker };
    internal static readonly ConversionOptions ToOci = new() { Format = ImageFormat.Oci };
    internal static readonly ConversionOptions ToZstd = new() { Compression = LayerCompression.Zstd };

    internal static Task<OciSyncResult> CopyAsync(string source, string destination, ConversionOptions options, EngineOptions? engine = null) =>
        Run.OneAsync(Carry.Request(source, destination) with { Conversion = options }, engine);

    internal static async Task<OciSyncResult> SucceedAsync(string source, string destination, ConversionOptions options)
    {
        var row = await CopyAsync(source, destination, options);
        Assert.True(row.Error is null, row.Error);
        return row;
    }

    internal static Manifest Read(TestManifest manifest) => Read(manifest.Bytes, manifest.MediaType);

    internal static Manifest Read(byte[] bytes, string mediaType) => ManifestReader.Read(bytes, mediaType, Digest.Of(bytes), "x");

    /// <summary>The digest of a layer's unpacked bytes.</summary>
    internal static string DiffId(byte[] packed)
    {
        using var plain = LayerCodec.Unpack(new MemoryStream(packed), LayerCodec.Detect(new ArraySegment<byte>(packed)));
        using var all = new MemoryStream();
        plain.CopyTo(all);
        return Digest.Of(all.ToArray()).ToString();
    }

    internal static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(plain, 0, plain.Length);
        }

        return packed.ToArray();
    }

    /// <summary>An old image, newest step first as the format has it; the middle step is no layer.</summary>
    internal static (TestImage Image, IReadOnlyList<string> DiffIds) SchemaOne(bool isSigned, byte[]? first = null)
    {
        var blobs = new[] { first ?? Gzip([1, 2, 3]), Gzip([]), Gzip([4, 5, 6]) };
        var history = new[]
        {
            """{"id":"aa","created":"2015-01-01T00:00:00Z","container_config":{"Cmd":["/bin/sh","-c","add"]}}""",
            """{"id":"bb","parent":"aa","created":"2015-01-02T00:00:00Z","throwaway":true,"container_config":{"Cmd":["env"]}}""",
            """{"id":"cc","parent":"bb","architecture":"amd64","os":"linux","created":"2015-01-03T00:00:00Z","author":"me","config":{"Env":["A=1"],"Labels":{"l":"v"}},"Size":3}""",
        };
        var json = new JsonObject
        {
            ["schemaVersion"] = 1,
            ["name"] = "lib/old",
            ["tag"] = "1",
            ["architecture"] = "amd64",
            ["fsLayers"] = new JsonArray([.. blobs.Reverse().Select(b => (JsonNode)new JsonObject { ["blobSum"] = Digest.Of(b).ToString() })]),
            ["history"] = new JsonArray([.. history.Reverse().Select(h => (JsonNode)new JsonObject { ["v1Compatibility"] = h })]),
        };
        var payload = json.ToJsonString();
        var bytes = Encoding.UTF8.GetBytes(payload);
        var manifest = new TestManifest(isSigned ? MediaTypes.SignedSchemaOne : MediaTypes.SchemaOne, isSigned ? Sign(payload) : bytes)
        {
            Digest = Digest.Of(bytes).ToString(),
        };
        var image = new TestImage([manifest], blobs.GroupBy(b => Digest.Of(b).ToString()).ToDictionary(g => g.Key, g => g.First()));
        return (image, [DiffId(blobs[0]), DiffId(blobs[2])]);
    }

    // As libtrust writes it: the payload's last brace is cut off and comes back after the signatures.
    private static byte[] Sign(string payload)
    {
        var protectedHeader = new JsonObject { ["formatLength"] = payload.Length - 1, ["formatTail"] = Url("}"), ["time"] = "2016-01-01T00:00:00Z" };
        var signature = new JsonObject
        {
            ["header"] = new JsonObject { ["alg"] = "ES256" },
            ["signature"] = "AAAA",
            ["protected"] = Url(protectedHeader.ToJsonString())
        };
        return Encoding.UTF8.GetBytes(payload[..^1] + ",\"signatures\":[" + signature.ToJsonString() + "]}");
    }

    private static string Url(string text) => System.Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
