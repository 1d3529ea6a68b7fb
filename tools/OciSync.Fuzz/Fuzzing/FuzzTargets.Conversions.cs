using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Inspection;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Fuzzing;

/// <summary>Manifests that are made of others: of schema 1, of another format, lists of referrers.</summary>
internal static partial class FuzzTargets
{
    private static readonly string SchemaOne = new JsonObject
    {
        ["schemaVersion"] = 1,
        ["name"] = "lib/old",
        ["tag"] = "1",
        ["architecture"] = "amd64",
        ["fsLayers"] = new JsonArray(new JsonObject { ["blobSum"] = Sha }, new JsonObject { ["blobSum"] = Sha }),
        ["history"] = new JsonArray(
            new JsonObject { ["v1Compatibility"] =
                """{"id":"b","parent":"a","architecture":"amd64","os":"linux","created":"2015-01-03T00:00:00Z","config":{"Env":["A=1"]},"Size":3}""" },
            new JsonObject { ["v1Compatibility"] = """{"id":"a","throwaway":true,"author":"x","container_config":{"Cmd":["/bin/sh","-c",null,1]}}""" }),
    }.ToJsonString();

    private static IEnumerable<FuzzTarget> Conversions() =>
    [
        new("schema 1", FuzzInput.Near(SchemaOne, Signed(SchemaOne)), TrySchemaOne),
        new("conversion", FuzzInput.Near(GoodManifest, ToDocker(GoodManifest)), TryConversion),
        new("conversion of an index", FuzzInput.Near(GoodIndex, ToDocker(GoodIndex)), TryIndexConversion),
        new("referrer list", FuzzInput.Near(GoodIndex, """{"schemaVersion":2,"manifests":[]}""", """{"manifests":null}"""), TryReferrers),
    ];

    private static string ToDocker(string manifest) => manifest
        .Replace(MediaTypes.OciManifest, MediaTypes.DockerManifest, StringComparison.Ordinal)
        .Replace(MediaTypes.OciIndex, MediaTypes.DockerList, StringComparison.Ordinal)
        .Replace(MediaTypes.OciConfig, MediaTypes.DockerConfig, StringComparison.Ordinal)
        .Replace("application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.docker.image.rootfs.diff.tar.gzip", StringComparison.Ordinal);

    private static string Signed(string payload)
    {
        var head = Convert.ToBase64String(
            Encoding.UTF8.GetBytes($$"""{"formatLength":{{payload.Length - 1}},"formatTail":"fQ","time":"2016-01-01T00:00:00Z"}""")).TrimEnd('=');
        return payload[..^1] + $$""","signatures":[{"header":{"alg":"ES256"},"signature":"AAAA","protected":"{{head}}"}]}""";
    }

    private static void TrySchemaOne(byte[] input)
    {
        AllowFormat(() => ManifestDigest.Of(input));
        Allow(
            () =>
            {
                var manifest = ManifestReader.Read(input, MediaTypes.SignedSchemaOne, Digest.Of(input), "registry.test/a:1");
                var layers = manifest.SchemaOne!.Layers.ToList();
                Require(layers.Count == manifest.Layers.Count, "a layer is a layer");
                var config = JsonSerializer.SerializeToUtf8Bytes(manifest.SchemaOne.ToConfig(layers.Select(l => l.ToString()).ToList()));
                using var document = ConfigReader.Parse(config, "registry.test/a:1");
                _ = ImageInfoBuilder.Build(
                    ImageReference.Parse("registry.test/a:1"), ("registry.test/a", "1"), manifest, manifest, null, document.RootElement, null);
            },
            OciErrorKind.ManifestInvalid);
    }

    private static void TryConversion(byte[] input) => Allow(
        () =>
        {
            var manifest = ReadManifest(input, null);
            if (manifest.IsIndex || manifest.SchemaOne is not null)
            {
                return;
            }

            var other = new Descriptor("application/vnd.oci.image.layer.v1.tar+zstd", Digest.Of([]), 5);
            foreach (var format in new ImageFormat?[] { ImageFormat.Oci, ImageFormat.Docker, null })
            {
                var made = ManifestConverter.Convert(manifest, format, new Dictionary<Digest, Descriptor>(), "registry.test/a:1").Manifest;
                Require(
                    made.Layers.Select(l => (l.Digest, l.Size)).SequenceEqual(manifest.Layers.Select(l => (l.Digest, l.Size))),
                    "a conversion keeps the layers");
                Require(made.Config?.Digest == manifest.Config?.Digest, "a conversion keeps the config");
                Require(
                    ReferenceEquals(ManifestConverter.Convert(made, format, new Dictionary<Digest, Descriptor>(), "x").Manifest, made),
                    "what is converted stays");
                _ = ManifestConverter.Convert(manifest, format, manifest.Layers.Take(1).ToDictionary(l => l.Digest, _ => other), "registry.test/a:1");
            }
        },
        OciErrorKind.ManifestInvalid,
        OciErrorKind.NotConvertible);

    private static void TryIndexConversion(byte[] input) => Allow(
        () =>
        {
            var index = ReadManifest(input, null);
            if (!index.IsIndex)
            {
                return;
            }

            foreach (var format in new ImageFormat?[] { ImageFormat.Oci, ImageFormat.Docker, null })
            {
                var child = ReadManifest(Encoding.UTF8.GetBytes(format == ImageFormat.Docker ? ToDocker(GoodManifest) : GoodManifest), null);
                var children = index.Children.Select(c => c.Digest).Distinct().ToDictionary(d => d, _ => child);
                var made = ManifestConverter.ConvertIndex(index, format, children, [], new Dictionary<Digest, Platform>(), "registry.test/a:1").Manifest;
                Require(made.Children.Count == index.Children.Count && made.Children.All(c => c.Digest == child.Digest), "each entry is what it has become");
            }
        },
        OciErrorKind.ManifestInvalid,
        OciErrorKind.NotConvertible);

    private static void TryReferrers(byte[] input) => Allow(
        () =>
        {
            var index = ReadManifest(input, MediaTypes.OciIndex);
            var referrer = ReadManifest(Encoding.UTF8.GetBytes(GoodManifest), MediaTypes.OciManifest);
            if (index.IsIndex && ReferrerIndex.With(index, [referrer]) is { } content)
            {
                var made = ReadManifest(content, MediaTypes.OciIndex);
                Require(
                    made.Children.Select(c => c.Digest).SequenceEqual(index.Children.Select(c => c.Digest).Append(referrer.Digest)),
                    "a list of referrers keeps what it has");
            }
        },
        OciErrorKind.ManifestInvalid);
}
