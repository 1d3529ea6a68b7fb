using System.Text;
using ICSharpCode.SharpZipLib.Tar;

namespace OciSync.Core.Tar;

/// <summary>The headers of tar entries: all files, read-only, of nobody and of no time, so that the same images give the same archive.</summary>
internal static class TarWriter
{
    internal const int BlockSize = 512;
    private const int LongestName = 100;
    private static readonly DateTime NoTime = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The header of a file, and before it what holds a long name.</summary>
    internal static byte[] Header(string name, long size) => Encoding.UTF8.GetByteCount(name) <= LongestName
        ? Block(name, size, TarHeader.LF_NORMAL, string.Empty)
        : [.. LongName(name), .. Block(name.Substring(0, LongestName), size, TarHeader.LF_NORMAL, string.Empty)];

    internal static byte[] Link(string name, string target) => Block(name, 0, TarHeader.LF_SYMLINK, target);

    /// <summary>How many bytes fill up the last block.</summary>
    internal static int Padding(long size) => (int)((BlockSize - (size % BlockSize)) % BlockSize);

    private static byte[] LongName(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name + "\0");
        return [.. Block("././@LongLink", bytes.Length, TarHeader.LF_GNU_LONGNAME, string.Empty), .. bytes, .. new byte[Padding(bytes.Length)]];
    }

    private static byte[] Block(string name, long size, byte type, string link)
    {
        var block = new byte[BlockSize];
        var header = new TarHeader
        {
            Name = name,
            Mode = Convert.ToInt32("444", 8),
            UserId = 0,
            GroupId = 0,
            Size = size,
            ModTime = NoTime,
            TypeFlag = type,
            LinkName = link,
            UserName = string.Empty,
            GroupName = string.Empty,
        };
        header.WriteHeader(block, Encoding.UTF8);
        return block;
    }
}
