using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>Files as text: UTF-8, or what a byte order mark says; with a limit, and nothing replaced that isn't text.</summary>
internal static class FileText
{
    /// <summary>The largest file that is read: no list of a cluster comes near.</summary>
    internal const int LargestFile = 64 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="OciException">It can't be opened, is too large, or is no text.</exception>
    internal static SourceText Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (file.CanSeek && file.Length > LargestFile)
            {
                throw Invalid(path, $"it has {file.Length / 1024 / 1024} MiB, and at most {LargestFile / 1024 / 1024} are read");
            }

            using var content = new MemoryStream(file.CanSeek ? (int)file.Length : 0);
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = file.Read(buffer, 0, buffer.Length)) > 0)
            {
                content.Write(buffer, 0, read);
                if (content.Length > LargestFile)
                {
                    throw Invalid(path, $"it has more than {LargestFile / 1024 / 1024} MiB");
                }
            }

            return Decode(content.GetBuffer(), (int)content.Length, path, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Bytes of a file within an archive as text.</summary>
    /// <exception cref="OciException">They are none.</exception>
    internal static SourceText Decode(byte[] bytes, string path, string? entry) => Decode(bytes, bytes.Length, path, entry);

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
            throw Invalid(entry is null ? path : path + ":" + entry, "it is no text in UTF-8, nor in UTF-16 with a byte order mark", e);
        }
    }

    internal static OciException Invalid(string path, string fault, Exception? inner = null) =>
        new(OciErrorKind.DocumentInvalid, $"'{path}' can't be searched for images: {fault}.", inner);
}
