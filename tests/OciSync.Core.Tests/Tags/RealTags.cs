using System.IO.Compression;
using OciSync.Core.References;
using OciSync.Core.Tags;

namespace OciSync.Core.Tests.Tags;

/// <summary>Some 25,000 tags of some 150 public repositories, as their registries listed them.</summary>
internal static class RealTags
{
    internal static IReadOnlyDictionary<string, List<string>> ByRepository { get; } = Read();

    internal static IReadOnlyList<OciTag> Of(string repository) =>
        TagList.Create(ImageReference.Parse(repository), ByRepository[repository]).Tags;

    private static Dictionary<string, List<string>> Read()
    {
        using var packed = typeof(RealTags).Assembly.GetManifestResourceStream("real-tags")!;
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        var lists = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        while (text.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            if (!lists.TryGetValue(cells[0], out var list))
            {
                lists.Add(cells[0], list = []);
            }

            list.Add(cells[1]);
        }

        return lists;
    }
}
