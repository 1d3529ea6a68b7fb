using System.Globalization;
using OciSync.Core.Errors;

namespace OciSync.Core.References;

/// <summary>Text to <see cref="ImageLocation"/>: skopeo's spelling of transports; the colon of a Windows drive belongs to the path.</summary>
internal static class LocationParser
{
    internal const string Oci = "oci:";
    internal const string Dir = "dir:";
    private const string NameCharacters = "-._:@+/";

    private static readonly string[] Unsupported =
        ["oci-archive:", "docker-archive:", "docker-daemon:", "containers-storage:", "sif:", "ostree:", "tarball:", "atomic:"];

    internal static ImageLocation Parse(string? text)
    {
        var name = (text ?? string.Empty).Trim();
        if (Unsupported.FirstOrDefault(t => name.StartsWith(t, StringComparison.Ordinal)) is { } transport)
        {
            throw new OciException(
                OciErrorKind.TransportUnsupported,
                $"'{Printable.Text(name)}': the transport '{transport}' is not supported. Images are read from and written to registries (host/repository:tag), "
                    + "OCI layouts (oci:path[:name]) and skopeo's folders (dir:path).");
        }

        if (name.StartsWith(Dir, StringComparison.Ordinal))
        {
            return new ImageLocation(ImageTransport.Dir, CheckPath(name.Substring(Dir.Length), name), null, null);
        }

        var isLayout = name.StartsWith(Oci, StringComparison.Ordinal) && !name.StartsWith("oci://", StringComparison.Ordinal);
        return isLayout ? ParseLayout(name.Substring(Oci.Length), name) : ImageReference.Parse(name);
    }

    /// <summary>Whether the text names a folder, or another place that is no registry.</summary>
    internal static bool IsTransport(string? text)
    {
        var name = (text ?? string.Empty).Trim();
        return name.StartsWith(Dir, StringComparison.Ordinal) || (name.StartsWith(Oci, StringComparison.Ordinal) && !name.StartsWith("oci://", StringComparison.Ordinal))
            || Unsupported.Any(t => name.StartsWith(t, StringComparison.Ordinal));
    }

    /// <summary>What is wrong with the name of an image in a layout, or null: skopeo must be able to ask for it.</summary>
    internal static string? FindNameFault(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var word = name[i] is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9';
            if (!word && (i == 0 || NameCharacters.IndexOf(name[i]) < 0))
            {
                return $"its image name '{Printable.Text(name)}' has the character '{Printable.Character(name, i)}' at position {i + 1}, which it can't have there";
            }
        }

        return name.Length == 0 ? "its image name is empty" : null;
    }

    private static ImageLocation ParseLayout(string rest, string text)
    {
        var colon = rest.IndexOf(':', PathStart(rest));
        var path = CheckPath(colon < 0 ? rest : rest.Substring(0, colon), text);
        if (colon < 0)
        {
            return new ImageLocation(ImageTransport.Oci, path, null, null);
        }

        var name = rest.Substring(colon + 1);
        if (name.StartsWith("@", StringComparison.Ordinal))
        {
            return name.IndexOf('\0') < 0 && int.TryParse(name.Substring(1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new ImageLocation(ImageTransport.Oci, path, null, index)
                : throw new ReferenceException(text, $"'{Printable.Text(name)}' is not '@' and a number from 0 on");
        }

        return FindNameFault(name) is { } fault ? throw new ReferenceException(text, fault) : new ImageLocation(ImageTransport.Oci, path, name, null);
    }

    // C:\mirror, C:/mirror, \\?\C:\mirror: what comes before the drive's colon, and the colon, is passed over.
    private static int PathStart(string path)
    {
        var start = path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal) ? 4 : 0;
        var isDrive = path.Length > start + 2 && path[start] is >= 'a' and <= 'z' or >= 'A' and <= 'Z'
            && path[start + 1] == ':' && path[start + 2] is '\\' or '/';
        return isDrive ? start + 2 : start;
    }

    private static string CheckPath(string path, string text) => path.Length == 0
        ? throw new ReferenceException(text, "the path is empty")
        : path.Contains("\0") ? throw new ReferenceException(text, "the path has the character U+0000") : path;
}
