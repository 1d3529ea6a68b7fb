using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Polyfills;
using OciSync.Core.Tar;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Charts;

/// <summary>A packed chart (<c>.tgz</c>), read into memory. What Helm itself refuses, by size or because it leads out, is refused here too.</summary>
internal static class ChartArchive
{
    // Helm's own limits are 100 MiB for a chart and 5 MiB for a file in it (chart loader, "MaxDecompressedChartSize").
    private const int LargestArchive = 100 * 1024 * 1024;
    private const int LargestFile = 5 * 1024 * 1024;
    private const int DeepestArchive = 5;

    /// <summary>Reads an archive.</summary>
    /// <param name="packed">The packed bytes.</param>
    /// <param name="path">The file, for places and messages.</param>
    /// <param name="tell">Told what can't be read of what is in it.</param>
    /// <exception cref="OciException">It is no such archive, or it is damaged, too large, or leads out.</exception>
    internal static ChartFiles Read(Stream packed, string path, Action<OciException> tell) => Read(packed, path, string.Empty, 0, tell);

    private static ChartFiles Read(Stream packed, string path, string within, int depth, Action<OciException> tell)
    {
        var shown = within.Length == 0 ? path : path + ":" + within;
        var stream = Unpack(packed, shown);
        var index = TarIndex.Read(stream, shown);

        // The first part of each path is the chart's name (Helm, "The Chart File Structure").
        var files = index.Names.Where(n => n.IndexOf('/') > 0).ToDictionary(n => n.Substring(n.IndexOf('/') + 1), n => n, StringComparer.Ordinal);
        var name = index.Names.Select(n => n.Split('/')[0]).FirstOrDefault() ?? string.Empty;
        byte[]? Bytes(string file) => files.TryGetValue(file, out var full) && index.Find(full) is { } entry ? Content(stream, entry, shown, tell) : null;
        return new ChartFiles(
            name,
            files.Keys.OrderBy(f => f, StringComparer.Ordinal).ToList(),
            file => Bytes(file) is { } bytes ? Decode(bytes, path, Join(within, files[file]), tell) : null,
            file =>
            {
                try
                {
                    return depth < DeepestArchive && Bytes(file) is { } bytes
                        ? Read(new MemoryStream(bytes), path, Join(within, files[file]), depth + 1, tell) : null;
                }
                catch (OciException e)
                {
                    tell(e);
                    return null;
                }
            });
    }

    private static string Join(string within, string file) => within.Length == 0 ? file : within + ":" + file;

    private static SourceText? Decode(byte[] bytes, string path, string entry, Action<OciException> tell)
    {
        try
        {
            return FileText.Decode(bytes, path, entry);
        }
        catch (OciException e)
        {
            tell(e);
            return null;
        }
    }

    private static MemoryStream Unpack(Stream packed, string path)
    {
        var unpacked = new MemoryStream();
        try
        {
            using var stream = GzipStreams.OpenRead(packed);
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                unpacked.Write(buffer, 0, read);
                if (unpacked.Length > LargestArchive)
                {
                    throw Unpacker.TooLarge($"The archive '{path}'", LargestArchive);
                }
            }
        }
        catch (Exception e) when (Unpacker.IsDamage(e))
        {
            throw TarWalk.Invalid(path, "it is no packed chart, or it is damaged", e);
        }

        unpacked.Position = 0;
        return unpacked;
    }

    private static byte[]? Content(MemoryStream stream, TarEntry entry, string path, Action<OciException> tell)
    {
        if (entry.Size > LargestFile)
        {
            tell(TarWalk.Invalid(path, $"'{TarIndex.Shown(entry.Name)}' in it has {entry.Size} bytes; Helm takes at most {LargestFile}"));
            return null;
        }

        var bytes = new byte[entry.Size];
        foreach (var piece in entry.Pieces)
        {
            stream.Position = piece.Offset;
            for (var done = 0; done < piece.Length;)
            {
                var read = stream.Read(bytes, (int)piece.At + done, (int)piece.Length - done);
                done += read > 0 ? read : throw TarWalk.Invalid(path, "it is cut off");
            }
        }

        return bytes;
    }
}
