using System.Globalization;
using System.IO.Compression;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.TestRegistry;

/// <summary>Fills an embedded registry with many tags of one small image.</summary>
internal static class ManyTags
{
    /// <param name="registry">The registry.</param>
    /// <param name="many"><c>R:T</c>: repositories many/r0, many/r1, … with the tags 1.0.0, 1.1.0, … each; or null.</param>
    /// <param name="tagsFile">Lines of text (packed by gzip when the name ends so) whose last field is a tag of the repository listed/tags,
    /// where it comes again with a number; or null.</param>
    internal static async Task AddAsync(EmbeddedRegistry registry, string? many, string? tagsFile)
    {
        if (many is not null)
        {
            var parts = many.Split(':').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
            var tags = Enumerable.Range(0, parts[1]).Select(t => $"1.{t}.0").ToArray();
            var image = ImageFactory.Create();
            for (var r = 0; r < parts[0]; r++)
            {
                await registry.AddAsync($"many/r{r}", image, tags);
            }
        }

        if (tagsFile is not null)
        {
            await registry.AddAsync("listed/tags", ImageFactory.Create(), [.. Distinguish(Read(tagsFile))]);
        }
    }

    private static IEnumerable<string> Distinguish(IEnumerable<string> tags) =>
        tags.GroupBy(tag => tag, StringComparer.Ordinal).SelectMany(same => same.Select((tag, number) => number == 0 ? tag : $"{tag}-r{number}"));

    private static IEnumerable<string> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is { } line)
        {
            yield return line[(line.LastIndexOf('\t') + 1)..];
        }
    }
}
