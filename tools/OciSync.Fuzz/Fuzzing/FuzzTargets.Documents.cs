using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Inspection;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Fuzzing;

/// <summary>What images are made of.</summary>
internal static partial class FuzzTargets
{
    private const string GoodManifest = $$$"""
        {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{"mediaType":"{{{MediaTypes.OciConfig}}}","digest":"{{{Sha}}}","size":2},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{Sha}}}","size":32,"annotations":{"a":"b"}},
                   {"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"{{{Sha}}}","size":9,"urls":["https://x.test/l"]}],
         "subject":{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Sha}}}","size":7},"artifactType":"a/b","annotations":{"a":"b"}}
        """;

    private const string GoodIndex = $$$"""
        {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[
          {"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Sha}}}","size":7,"platform":{"os":"linux","architecture":"amd64"}},
          {"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":8,
           "platform":{"os":"windows","architecture":"amd64","os.version":"10.0.17763.1"}},
          {"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","size":9,
           "platform":{"os":"unknown","architecture":"unknown"},
           "annotations":{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"{{{Sha}}}"}}]}
        """;

    private const string GoodConfig = """
        {"created":"2024-01-31T01:02:03.004Z","author":"me","architecture":"arm64","os":"linux","variant":"v8","config":{"User":"1000","Env":["A=b"],
         "Entrypoint":["/x"],"Cmd":null,"Labels":{"a":"b"},"ExposedPorts":{"80/tcp":{}}},"rootfs":{"type":"layers","diff_ids":["sha256:x"]},
         "history":[{"created_by":"RUN a\nb","empty_layer":true},{"comment":"c"}]}
        """;

    private static IEnumerable<FuzzTarget> Documents() =>
    [
        new("manifest",
            FuzzInput.Near(GoodManifest, GoodIndex),
            input => Allow(() => ReadManifest(input, MediaTypes.OciManifest), OciErrorKind.ManifestInvalid)),
        new("index", FuzzInput.Near(GoodIndex, GoodManifest), TryIndex),
        new("config", FuzzInput.Near(GoodConfig, "{}", "null"), TryConfig),
        new("layout index", FuzzInput.Near(GoodIndex.Replace(
            "\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}",
            "\"annotations\":{\"org.opencontainers.image.ref.name\":\"a:1\"}",
            StringComparison.Ordinal), """{"manifests":[]}"""), TryLayout),
    ];

    private static Manifest ReadManifest(byte[] input, string? contentType)
    {
        var manifest = ManifestReader.Read(input, contentType, Digest.Of(input), "registry.test/a:1");
        Require(ReferenceEquals(manifest.Content, input), "the bytes are kept");
        Require(manifest.Children.Count == 0 || (manifest.Layers.Count == 0 && manifest.Config is null), "a manifest is one thing");
        Require(manifest.Blobs.Concat(manifest.Children).All(d => d.Size >= 0), "no size is negative");
        return manifest;
    }

    private static void TryIndex(byte[] input) => Allow(
        () =>
        {
            var index = ReadManifest(input, null);
            if (!index.IsIndex)
            {
                return;
            }

            // Each index in it is itself once more, which has to end.
            var content = IndexContent.ReadAsync(index, "registry.test/a:1", _ => Task.FromResult(index)).GetAwaiter().GetResult();
            foreach (var platforms in new[] { new[] { "linux/amd64" }, ["linux/amd64", "windows/amd64:*"], [] })
            {
                var selection = new ImageSelection { Platforms = [.. platforms.Select(Platform.Parse)], ExcludeAttestation = true };
                var choice = IndexSelector.Select(content, selection, "registry.test/a:1");
                Require(choice.Manifest?.Children.All(c => index.Children.Any(i => i.Digest == c.Digest)) != false, "a choice adds nothing");
            }
        },
        OciErrorKind.ManifestInvalid,
        OciErrorKind.PlatformUnknown);

    private static void TryConfig(byte[] input) => Allow(
        () =>
        {
            using var document = ConfigReader.Parse(input, "registry.test/a:1");
            var manifest = ReadManifest(System.Text.Encoding.UTF8.GetBytes(GoodManifest), MediaTypes.OciManifest);
            var info = ImageInfoBuilder.Build(
                ImageReference.Parse("registry.test/a:1"), ("registry.test/a", "1"), manifest, manifest, null, document.RootElement, null);
            foreach (var text in info.Platforms.Concat([info.Os ?? string.Empty, info.Architecture ?? string.Empty, info.Variant ?? string.Empty]))
            {
                RequireShowable(text);
            }

            foreach (var text in info.Env.Concat(info.History).Concat(info.Labels.Keys).Concat(info.Labels.Values).Append(info.Author ?? string.Empty))
            {
                RequireShowable(text.Replace("\n", string.Empty, StringComparison.Ordinal).Replace("\t", string.Empty, StringComparison.Ordinal));
            }
        },
        OciErrorKind.ManifestInvalid);

    private static void TryLayout(byte[] input) => Allow(
        () =>
        {
            var index = LayoutIndex.Read(input, "/m/index.json", "oci:/m");
            _ = index.Describe();
            _ = (index.FindAll("@0"), index.FindAll("a:1"), index.FindAll(Sha));
            RequireShowable(index.Ambiguous("it has several", index.Entries).Message);
            _ = LayoutGroup.TryCreate(index, index.Entries);
            var manifest = ReadManifest(System.Text.Encoding.UTF8.GetBytes(GoodManifest), MediaTypes.OciManifest);
            if (index.With(manifest, "b:2") is { } changed)
            {
                Require(LayoutIndex.Read(changed, "/m/index.json", "oci:/m").FindAll("b:2").Count > 0, "an image that was added is found");
            }
        },
        OciErrorKind.LayoutInvalid);
}
