using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>Files as text: UTF-8, or what a byte order mark says; with a limit, and nothing replaced that isn't text.</summary>
internal static class FileText
{
    /// <summary>The largest file that is read: no list of a cluster comes near.</summary>
    internal const int LargestFile = 64 * 1024 * 1024;

    private const int LargestBlock = 32 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="OciException">It can't be opened, is too large, or is no text.</exception>
    internal static SourceText Read(string path)
    {
        using var file = Open(path);
        var bytes = new byte[file.Length];
        try
        {
            return Decode(bytes, Fill(file, bytes), path, null);
        }
        catch (IOException e)
        {
            throw Invalid(path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Bytes of a file within an archive as text.</summary>
    /// <exception cref="OciException">They are none.</exception>
    internal static SourceText Decode(byte[] bytes, string path, string? entry) => Decode(bytes, bytes.Length, path, entry);

    /// <summary>
    /// Reads a file in stretches of whole YAML documents, so that a long one isn't held at once; a file that begins as JSON does is one stretch.
    /// </summary>
    /// <exception cref="OciException">It can't be opened, is too large, or is no text; stretches before that are given.</exception>
    internal static IEnumerable<SourceText> ReadStretches(string path, int length)
    {
        using var file = Open(path);
        var start = new byte[4];
        var (encoding, mark) = FindEncoding(start, Fill(file, start));
        file.Position = mark;
        var block = (int)Math.Min(LargestBlock, file.Length + 1);
        using var reader = new StreamReader(file, encoding, false, Math.Max(128, block));
        var stretches = new FileStretches(reader, path, length, block);
        while (stretches.Next() is { } stretch)
        {
            yield return stretch;
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (file.CanSeek && file.Length <= LargestFile)
            {
                return file;
            }

            var (seeks, size) = (file.CanSeek, file.CanSeek ? file.Length : 0);
            file.Dispose();
            throw Invalid(path, seeks ? $"it has {size / 1024 / 1024} MiB, and at most {LargestFile / 1024 / 1024} are read" : "it is no file but a pipe or device");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static int Fill(Stream stream, byte[] buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && stream.Read(buffer, filled, buffer.Length - filled) is > 0 and var read)
        {
            filled += read;
        }

        return filled;
    }

    /// <summary>The encoding of a file by its byte order mark, and how many bytes that has; UTF-8 without one.</summary>
    internal static (Encoding Encoding, int Mark) FindEncoding(byte[] bytes, int length) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] when length >= 3 => (new UTF8Encoding(false, true), 3),
        [0xFF, 0xFE, ..] when length >= 2 => (new UnicodeEncoding(false, false, true), 2),
        [0xFE, 0xFF, ..] when length >= 2 => (new UnicodeEncoding(true, false, true), 2),
        _ => (new UTF8Encoding(false, true), 0),
    };

    private static SourceText Decode(byte[] bytes, int length, string path, string? entry)
    {
        var (encoding, mark) = FindEncoding(bytes, length);
        try
        {
            return new SourceText(encoding.GetString(bytes, mark, length - mark), path) { Entry = entry };
        }
        catch (ArgumentException e)
        {
            throw NoText(entry is null ? path : path + ":" + entry, e);
        }
    }

    internal static OciException NoText(string path, Exception inner) =>
        Invalid(path, "it is no text in UTF-8, nor in UTF-16 with a byte order mark", inner);

    internal static OciException Invalid(string path, string fault, Exception? inner = null) =>
        new(OciErrorKind.DocumentInvalid, $"'{path}' can't be searched for images: {fault}.", inner);
}
