using OciSync.Testing.Images;

namespace OciSync.TestRegistry;

/// <summary>Pushes generated images and prints one line for each: repository:tag and digest.</summary>
internal static class SeedCommand
{
    internal static async Task<int> RunAsync(Arguments arguments)
    {
        var registry = RegistryAddress.ToUri(arguments.Rest.FirstOrDefault() ?? throw new FormatException("seed needs an address."), arguments);
        using var session = new SeedSession(registry, RegistryAddress.Credentials(arguments));
        var set = arguments.Text("--set");
        if (set is not (null or "demo"))
        {
            throw new FormatException($"There is no set '{set}', only 'demo'.");
        }

        var images = (set is null ? Generate(arguments) : DemoSet.Images()).ToList();
        arguments.RefuseOthers();
        foreach (var (repository, image, tags) in images)
        {
            await session.PushAsync(image, repository, tags);
            foreach (var tag in tags)
            {
                await Console.Out.WriteLineAsync($"{repository}:{tag} {image.Digest}");
            }
        }

        return 0;
    }

    private static IEnumerable<(string Repository, TestImage Image, IReadOnlyList<string> Tags)> Generate(Arguments arguments)
    {
        var repositories = (arguments.Text("--repository") ?? throw new FormatException("seed needs --repository or --set demo.")).Split(',');
        var tags = (arguments.Text("--tags") ?? "latest").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var seed = (int)(arguments.Number("--seed") ?? 1);
        var spec = Spec(arguments);
        return repositories.SelectMany((repository, place) => tags.Select((tag, number) => (
            repository, ImageFactory.Create(spec with { Seed = seed + (place * tags.Length) + number }), (IReadOnlyList<string>)[tag])));
    }

    private static ImageSpec Spec(Arguments arguments)
    {
        var size = (int)(arguments.Number("--layer-size") ?? 4096);
        var shared = (int)(arguments.Number("--shared") ?? (arguments.Has("--shared-layers") ? 2 : 0));
        var platforms = arguments.Text("--platforms")?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(TestPlatform.Parse).ToList();
        return new ImageSpec
        {
            Layers = (int)(arguments.Number("--layers") ?? 2),
            LayerSize = size,
            Docker = arguments.Has("--docker"),
            Compression = arguments.Has("--zstd") ? LayerCompression.Zstd : LayerCompression.Gzip,
            Attestations = arguments.Has("--attestation"),
            Platforms = platforms ?? [TestPlatform.LinuxAmd64],
            SharedLayers = [.. Enumerable.Range(9000, shared).Select(number => TestLayer.Create(number, size))],
        };
    }
}
