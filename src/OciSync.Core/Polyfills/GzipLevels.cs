using System.IO.Compression;
#if NET
using System.Reflection;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>
/// The levels of gzip, 1 to 9. .NET 9 and later pack with zlib-ng and know them all; before, there were three, and the .NET Framework has two.
/// </summary>
internal static class GzipLevels
{
    /// <summary>
    /// The level where none was asked for: zlib-ng's fourth is a third faster than its sixth and gives one percent more, which is still less than the other
    /// tools of the field give.
    /// </summary>
    internal const int Usual = 4;

#if NET
    // Not in the .NET that this is compiled for, as it is newer.
    private static readonly Func<Stream, int, GZipStream>? Exact = FindExact();
#endif

    /// <summary>Packs all that is written to it into the target, which stays open.</summary>
    /// <param name="target">Takes the packed bytes.</param>
    /// <param name="level">0 to 9, 0 for stored; null for the usual one.</param>
    internal static GZipStream Open(Stream target, int? level)
    {
#if NET
        if (Exact is not null)
        {
            return Exact(target, level ?? Usual);
        }
#endif
        return new GZipStream(target, Of(level), leaveOpen: true);
    }

    private static CompressionLevel Of(int? level) => level switch
    {
        0 => CompressionLevel.NoCompression,
        <= 3 => CompressionLevel.Fastest,
#if NET
        9 => CompressionLevel.SmallestSize,
#endif
        _ => CompressionLevel.Optimal,
    };

#if NET
    private static Func<Stream, int, GZipStream>? FindExact()
    {
        var options = typeof(GZipStream).Assembly.GetType("System.IO.Compression.ZLibCompressionOptions");
        var level = options?.GetProperty("CompressionLevel");
        var create = options is null ? null : typeof(GZipStream).GetConstructor([typeof(Stream), options, typeof(bool)]);
        if (level is null || create is null)
        {
            return null;
        }

        return (target, wanted) =>
        {
            var values = Activator.CreateInstance(options!)!;
            level.SetValue(values, wanted);
            return (GZipStream)create.Invoke(BindingFlags.DoNotWrapExceptions, null, [target, values, true], null);
        };
    }
#endif
}
