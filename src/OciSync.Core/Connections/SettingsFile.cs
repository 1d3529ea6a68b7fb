using System.Text;

namespace OciSync.Core.Connections;

/// <summary>Files with settings, read up to a size: what is longer, or never ends, is none.</summary>
internal static class SettingsFile
{
    internal const int MaxSize = 4 * 1024 * 1024;

    /// <exception cref="IOException">It can't be read, or is larger than <paramref name="limit"/>.</exception>
    internal static byte[] ReadBytes(string path, int limit = MaxSize)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = file.Read(buffer, 0, buffer.Length)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > limit)
            {
                throw new IOException($"It is larger than {limit / 1024} KiB.");
            }
        }

        return content.ToArray();
    }

    /// <summary>The same as text: UTF-8, or what a byte order mark says.</summary>
    /// <exception cref="IOException">It can't be read, or is larger than <paramref name="limit"/>.</exception>
    internal static string ReadText(string path, int limit = MaxSize)
    {
        using var reader = new StreamReader(new MemoryStream(ReadBytes(path, limit)), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
