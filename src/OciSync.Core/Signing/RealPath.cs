using OciSync.Core.Errors;
using OciSync.Core.Polyfills;
using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>The path that is really a file's or folder's: absolute, with every link on the way followed.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = Path.DirectorySeparatorChar == '\\' ? ['\\', '/'] : ['/'];

    /// <summary>Nothing has to be there; what isn't there is no link.</summary>
    /// <exception cref="OciException">A link leads in a circle, or can't be followed on this platform: <see cref="OciErrorKind.StorageFailed"/>.</exception>
    internal static string Resolve(string path)
    {
        try
        {
            return Resolve(path, MaxLinks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"Where '{Printable.Text(path)}' really is can't be found out: {e.Message}", e);
        }
    }

    private static string Resolve(string path, int links)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full.Substring(real.Length).Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            var target = FileLinks.Follow(next);
            real = target == next ? next : links > 0 ? Resolve(target, links - 1) : throw new IOException($"'{path}' has too many links");
        }

        return real;
    }
}
