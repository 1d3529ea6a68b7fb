using System.Text;
using System.Text.Json.Nodes;

namespace OciSync.Testing.Images;

/// <summary>Makes images of all kinds in memory.</summary>
public static class ImageFactory
{
    /// <summary>An image whose layers are not in the registry.</summary>
    public static TestImage WithForeignLayers(params LayerDescriptor[] layers) => ManifestBuilder.WithForeignLayers(layers);

    /// <summary>Makes an image by its specification.</summary>
    public static TestImage Create(ImageSpec? spec = null)
    {
        spec ??= new ImageSpec();
        var blobs = new Dictionary<string, byte[]>();
        var manifests = spec.Platforms.Select((platform, number) => PlatformManifest(spec, platform, number, blobs)).ToList();
        if (manifests.Count == 1 && !spec.Index && !spec.Attestations)
        {
            return new TestImage(manifests, blobs);
        }

        var entries = manifests.Select(ManifestBuilder.Entry).ToList();
        foreach (var manifest in spec.Attestations ? manifests.ToArray() : [])
        {
            var attestation = AttestationManifest(manifest, blobs);
            manifests.Add(attestation);
            var entry = ManifestBuilder.Entry(attestation);
            entry["annotations"] = new JsonObject
            {
                ["vnd.docker.reference.type"] = "attestation-manifest",
                ["vnd.docker.reference.digest"] = manifest.Digest,
            };
            entries.Add(entry);
        }

        return new TestImage([.. manifests, ManifestBuilder.Index(entries, spec.Docker)], blobs);
    }

    /// <summary>An index of indexes or images.</summary>
    public static TestImage Nest(params IReadOnlyList<TestImage> children)
    {
        var index = ManifestBuilder.Index(children.Select(child => ManifestBuilder.Entry(child.Root)), docker: false);
        return new TestImage(
            [.. children.SelectMany(child => child.Manifests).DistinctBy(manifest => manifest.Digest), index],
            Merge(children.Select(child => child.Blobs)));
    }

    /// <summary>An artifact of one file: with the empty config, or with a config type of its own (as Helm charts have).</summary>
    public static TestImage Artifact(string artifactType, string content, TestManifest? subject = null, string? configType = null)
    {
        var config = "{}"u8.ToArray();
        var layer = Encoding.UTF8.GetBytes(content);
        var json = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciManifest };
        if (configType is null)
        {
            json["artifactType"] = artifactType;
        }

        json["config"] = ManifestBuilder.Descriptor(configType ?? MediaTypes.OciEmpty, ContentDigest.Of(config), config.Length);
        json["layers"] = new JsonArray(ManifestBuilder.Descriptor(artifactType, ContentDigest.Of(layer), layer.Length));
        if (subject is not null)
        {
            json["subject"] = ManifestBuilder.Descriptor(subject.MediaType, subject.Digest, subject.Bytes.Length);
        }

        json["annotations"] = new JsonObject { ["org.opencontainers.image.created"] = "2023-11-14T22:13:20Z" };
        var blobs = new Dictionary<string, byte[]> { [ContentDigest.Of(config)] = config, [ContentDigest.Of(layer)] = layer };
        return new TestImage([new TestManifest(MediaTypes.OciManifest, ManifestBuilder.Bytes(json))], blobs);
    }

    /// <summary>cosign's manifest of signatures: an image whose layers are the texts that were signed, here with a text for each name.</summary>
    public static TestImage Cosign(params string[] names)
    {
        var texts = names.Select(name => Encoding.UTF8.GetBytes($"{{\"critical\":{{\"identity\":\"{name}\"}}}}")).ToList();
        var layers = texts.Select(
            text => new LayerDescriptor(MediaTypes.CosignSignature, ContentDigest.Of(text), text.Length, ContentDigest.Of(text))).ToList();
        var config = ManifestBuilder.Config(TestPlatform.Unknown, layers);
        var blobs = texts.DistinctBy(text => ContentDigest.Of(text)).ToDictionary(text => ContentDigest.Of(text));
        blobs[ContentDigest.Of(config)] = config;
        return new TestImage([ManifestBuilder.Manifest(config, MediaTypes.OciConfig, layers, docker: false, null)], blobs);
    }

    /// <summary>The index of referrers that stands under a tag where a registry keeps none; its entries come from elsewhere.</summary>
    public static TestImage ReferrersIndex(params TestImage[] referrers) =>
        new([ManifestBuilder.Index(referrers.Select(referrer => ManifestBuilder.Entry(referrer.Root)), docker: false)], new Dictionary<string, byte[]>());

    /// <summary>So many images that share three layers and have a small one of their own.</summary>
    public static IReadOnlyList<TestImage> Family(int count, int sharedSize = 100_000, int seed = 1000)
    {
        var shared = Enumerable.Range(0, 3).Select(number => TestLayer.Create(seed + number, sharedSize)).ToList();
        return
        [
            .. Enumerable.Range(0, count).Select(number =>
                Create(new ImageSpec { Seed = seed + number, Layers = 1, LayerSize = 200, SharedLayers = shared })),
        ];
    }

    private static TestManifest PlatformManifest(ImageSpec spec, TestPlatform platform, int number, Dictionary<string, byte[]> blobs)
    {
        var own = Enumerable.Range(0, spec.Layers)
            .Select(layer => TestLayer.Create((((spec.Seed * 16) + number) * 64) + layer, spec.LayerSize, spec.Content, spec.Compression, spec.Docker));
        var layers = spec.SharedLayers.Concat(own).ToList();
        layers.ForEach(layer => blobs[layer.Descriptor.Digest] = layer.Bytes);
        var descriptors = layers.Select(layer => layer.Descriptor).ToList();
        var config = ManifestBuilder.Config(platform, descriptors);
        blobs[ContentDigest.Of(config)] = config;
        return ManifestBuilder.Manifest(config, spec.Docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig, descriptors, spec.Docker, platform);
    }

    private static TestManifest AttestationManifest(TestManifest of, Dictionary<string, byte[]> blobs)
    {
        var statement = ManifestBuilder.Bytes(new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v0.1",
            ["predicateType"] = "https://slsa.dev/provenance/v0.2",
            ["subject"] = new JsonArray(new JsonObject
            {
                ["name"] = $"pkg:docker/test?platform={of.Platform}",
                ["digest"] = new JsonObject { ["sha256"] = of.Digest["sha256:".Length..] },
            }),
            ["predicate"] = new JsonObject { ["buildType"] = "https://mobyproject.org/buildkit@v1" },
        });
        var layer = new LayerDescriptor(MediaTypes.InToto, ContentDigest.Of(statement), statement.Length, ContentDigest.Of(statement));
        var config = ManifestBuilder.Config(TestPlatform.Unknown, [layer]);
        blobs[layer.Digest] = statement;
        blobs[ContentDigest.Of(config)] = config;
        return ManifestBuilder.Manifest(config, MediaTypes.OciConfig, [layer], docker: false, TestPlatform.Unknown);
    }

    private static Dictionary<string, byte[]> Merge(IEnumerable<IReadOnlyDictionary<string, byte[]>> sets) =>
        sets.SelectMany(set => set).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value);
}
