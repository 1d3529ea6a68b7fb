namespace OciSync.Testing.Images;

/// <summary>A small believable set: two repositories with the tags of real ones, several platforms, attestations, shared layers.</summary>
public static class DemoSet
{
    private static readonly Lazy<IReadOnlyList<(string Repository, string Tag)>> Listed = new(Read);

    /// <summary>The tags of a repository, as they really exist.</summary>
    public static IReadOnlyList<string> TagsOf(string repository) =>
        [.. Listed.Value.Where(entry => entry.Repository == repository).Select(entry => entry.Tag)];

    /// <summary>The repositories.</summary>
    public static IReadOnlyList<string> Repositories { get; } = ["library/alpine", "pause"];

    /// <summary>All images with the repositories and tags they are to have. Floating tags point to the newest release they stand for.</summary>
    public static IEnumerable<(string Repository, TestImage Image, IReadOnlyList<string> Tags)> Images()
    {
        var seed = 5000;
        foreach (var repository in Repositories)
        {
            var shared = TestLayer.Create(seed, 60_000, LayerContent.Text);
            foreach (var group in TagsOf(repository).GroupBy(tag => Target(repository, tag)))
            {
                var image = group.Key.StartsWith("sha256-", StringComparison.Ordinal)
                    ? ImageFactory.Artifact("application/vnd.dev.cosign.simplesigning.v1+json", "{\"critical\":{}}", null, MediaTypes.OciConfig)
                    : ImageFactory.Create(Spec(repository, ++seed, shared));
                yield return (repository, image, [.. group]);
            }
        }
    }

    private static ImageSpec Spec(string repository, int seed, TestLayer shared) => new()
    {
        Seed = seed,
        Layers = 1,
        LayerSize = 2000,
        SharedLayers = [shared],
        Platforms = repository == "pause" ? TestPlatform.Usual : [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64],
        Attestations = repository != "pause",
    };

    /// <summary>The release a tag stands for.</summary>
    private static string Target(string repository, string tag) => (repository, tag) switch
    {
        ("library/alpine", "latest" or "3" or "3.23") => "3.23.4",
        ("library/alpine", "3.22") => "3.22.4",
        ("library/alpine", "3.21") => "3.21.7",
        ("library/alpine", "3.20") => "3.20.10",
        ("library/alpine", "3.19") => "3.19.9",
        ("library/alpine", "3.18") => "3.18.12",
        ("library/alpine", "3.17") => "3.17.10",
        ("library/alpine", "3.16") => "3.16.9",
        ("library/alpine", "edge") => "20260127",
        ("pause", "latest") => "3.10",
        _ => tag,
    };

    private static List<(string Repository, string Tag)> Read()
    {
        using var stream = typeof(DemoSet).Assembly.GetManifestResourceStream("DemoTags.txt")
            ?? throw new InvalidOperationException("The list of demo tags is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return
        [
            .. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .SelectMany(parts => parts.Skip(1).Select(tag => (parts[0], tag))),
        ];
    }
}
