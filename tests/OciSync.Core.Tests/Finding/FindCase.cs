using System.IO.Compression;
using System.Text;
using OciSync.Core.Tar;

namespace OciSync.Core.Tests.Finding;

/// <summary>A file, and what is to be found in it; tests/data/find-images.txt says how it is written.</summary>
internal sealed record FindCase(string Name, string File, string Text)
{
    private const string Chart = "apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: 4.5.6\n";

    internal static readonly string One = "sha256:" + new string('1', 64);
    internal static readonly string Two = "sha256:" + new string('2', 64);

    internal List<string> Certain { get; } = [];

    internal List<string> Uncertain { get; } = [];

    internal List<string> Warnings { get; } = [];

    internal string Format => Name[..Name.IndexOf(':', StringComparison.Ordinal)];

    internal static IReadOnlyList<FindCase> ReadAll()
    {
        using var stream = typeof(FindCase).Assembly.GetManifestResourceStream("find-images")!;
        using var reader = new StreamReader(stream);
        var blocks = reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return [.. blocks.Skip(1).Select(b => Read(b.Split('\n', StringSplitOptions.RemoveEmptyEntries)))];
    }

    private static FindCase Read(string[] lines)
    {
        IEnumerable<string> With(char mark) => lines.Where(l => l[0] == mark).Select(l => l[2..]);
        var text = string.Concat(lines.Where(l => l[0] == '|').Select(l => Put(l[1..]) + "\n"));
        var read = new FindCase(With('#').Single(), With('>').Single(), text);
        read.Certain.AddRange(With('=').Select(Put));
        read.Uncertain.AddRange(With('?').Select(Put));
        read.Warnings.AddRange(With('!').Select(Put));
        return read;
    }

    private static string Put(string text) => text.Replace("{bom}", "\ufeff", StringComparison.Ordinal).Replace("{cr}", "\r", StringComparison.Ordinal)
        .Replace("{tab}", "\t", StringComparison.Ordinal).Replace("{d1}", One, StringComparison.Ordinal).Replace("{d2}", Two, StringComparison.Ordinal);

    /// <summary>Writes the file below a folder and gives its path.</summary>
    internal string WriteTo(string folder)
    {
        var colon = File.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            var entry = File[(colon + 1)..];
            var around = entry[..entry.LastIndexOf('/')];
            var archive = Path.Combine(folder, File[..colon]);
            System.IO.File.WriteAllBytes(archive, Pack(("c/Chart.yaml", Chart), (around + "/Chart.yaml", "name: sub\n"), (entry, Text)));
            return archive;
        }

        var path = Path.Combine(folder, File);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, Text);
        var chart = Path.Combine(folder, "chart", "Chart.yaml");
        if (File.StartsWith("chart/", StringComparison.Ordinal) && path != chart)
        {
            System.IO.File.WriteAllText(chart, Chart);
        }

        return path;
    }

    /// <summary>A packed chart of these files.</summary>
    internal static byte[] Pack(params (string Name, string Text)[] files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                gzip.Write(TarWriter.Header(name, bytes.Length));
                gzip.Write(bytes);
                gzip.Write(new byte[TarWriter.Padding(bytes.Length)]);
            }

            gzip.Write(new byte[2 * TarWriter.BlockSize]);
        }

        return packed.ToArray();
    }
}
