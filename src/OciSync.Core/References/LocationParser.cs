using System.Globalization;
using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.References;

/// <summary>Text to <see cref="ImageLocation"/>: skopeo's spelling of transports; the colon of a Windows drive belongs to the path.</summary>
internal static class LocationParser
{
    private const string NameCharacters = "-._:@+/";

    private static readonly (string Prefix, ImageTransport Transport)[] Transports =
    [
        ("oci:", ImageTransport.Oci),
        ("dir:", ImageTransport.Dir),
        ("oci-archive:", ImageTransport.OciArchive),
        ("docker-archive:", ImageTransport.DockerArchive),
        ("docker-daemon:", ImageTransport.DockerDaemon),
        ("tarball:", ImageTransport.Tarball),
    ];

    private static readonly string[] Unsupported = ["containers-storage:", "sif:", "ostree:", "atomic:"];

    /// <param name="text">The text.</param>
    /// <param name="isDrive">Whether there is a drive of this name beside those of one letter; null where there is none.</param>
    /// <param name="isWindows">Whether a letter before a colon is a drive, whatever follows.</param>
    internal static ImageLocation Parse(string? text, Func<string, bool>? isDrive, bool isWindows)
    {
        var name = (text ?? string.Empty).Trim();
        if (Unsupported.FirstOrDefault(t => name.StartsWith(t, StringComparison.Ordinal)) is { } transport)
        {
            throw new OciException(
                OciErrorKind.TransportUnsupported,
                $"'{Printable.Text(name)}': the transport '{transport}' is not supported. Images are read from and written to registries "
                + "(host/repository:tag), "
                    + "OCI layouts (oci:path[:name]), skopeo's folders (dir:path), archives (oci-archive:path, docker-archive:path) and Docker "
                    + "(docker-daemon:name).");
        }

        var (prefix, kind) = Find(name);
        var rest = name.Substring(prefix.Length);
        return kind switch
        {
            ImageTransport.Docker => ImageReference.Parse(name),
            ImageTransport.Dir => new ImageLocation(kind, CheckPath(rest, name, isDrive, isWindows), null, null),
            ImageTransport.Tarball => new ImageLocation(
                kind, string.Join(":", SplitPaths(rest, isDrive).Select(p => CheckPath(p, name, isDrive, isWindows))), null, null),
            ImageTransport.DockerDaemon => new ImageLocation(kind, string.Empty, DaemonName(rest, name), null),
            _ => ParseNamed(kind, rest, name, isDrive, isWindows),
        };
    }

    /// <summary>Whether the text names a folder, or another place that is no registry.</summary>
    internal static bool IsTransport(string? text)
    {
        var name = (text ?? string.Empty).Trim();
        return Find(name).Transport != ImageTransport.Docker || Unsupported.Any(t => name.StartsWith(t, StringComparison.Ordinal));
    }

    internal static string PrefixOf(ImageTransport transport) => Transports.First(t => t.Transport == transport).Prefix;

    /// <summary>The paths of several files with colons between them; that of a drive belongs to its path.</summary>
    internal static IReadOnlyList<string> SplitPaths(string text, Func<string, bool>? isDrive = null)
    {
        var paths = new List<string>();
        var rest = text;
        for (int colon; (colon = rest.IndexOf(':', PathStart(rest, isDrive))) >= 0; rest = rest.Substring(colon + 1))
        {
            paths.Add(rest.Substring(0, colon));
        }

        paths.Add(rest);
        return paths;
    }

    /// <summary>What is wrong with the name of an image in a layout, or null: skopeo must be able to ask for it.</summary>
    internal static string? FindNameFault(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var word = name[i] is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9';
            if (!word && (i == 0 || NameCharacters.IndexOf(name[i]) < 0))
            {
                return $"its image name '{Printable.Text(name)}' has the character '{Printable.Character(name, i)}' at position {i + 1}, which it can't have "
                    + "there";
            }
        }

        return name.Length == 0 ? "its image name is empty" : null;
    }

    private static (string Prefix, ImageTransport Transport) Find(string name)
    {
        var found = Transports.FirstOrDefault(t => name.StartsWith(t.Prefix, StringComparison.Ordinal));
        return found.Prefix is null || name.StartsWith("oci://", StringComparison.Ordinal) ? (string.Empty, ImageTransport.Docker) : found;
    }

    private static ImageLocation ParseNamed(ImageTransport transport, string rest, string text, Func<string, bool>? isDrive, bool isWindows)
    {
        var start = PathStart(rest, isDrive);
        var colon = rest.IndexOf(':', start);
        var folder = colon < 0 ? rest : rest.Substring(0, colon);
        if (isWindows && IsLetter(folder) && colon > 0)
        {
            throw new ReferenceException(
                text, $"'{folder}:' and no '\\' after it is that drive's own current folder; write '{folder}:\\…', or '.\\{folder}' for a folder of this name");
        }

        // A drive that isn't known would be taken for the path, and what follows for a name.
        var path = CheckPath(FindUnknownDrive(rest, isDrive, isWindows) is null ? folder : rest, text, isDrive, isWindows);
        if (colon < 0)
        {
            return new ImageLocation(transport, path, null, null);
        }

        var name = rest.Substring(colon + 1);
        if (name.StartsWith("@", StringComparison.Ordinal))
        {
            return name.IndexOf('\0') < 0 && int.TryParse(name.Substring(1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new ImageLocation(transport, path, null, index)
                : throw new ReferenceException(text, $"'{Printable.Text(name)}' is not '@' and a number from 0 on");
        }

        if (transport == ImageTransport.DockerArchive)
        {
            return new ImageLocation(transport, path, DockerName(name, text), null);
        }

        return FindNameFault(name) is { } fault ? throw new ReferenceException(text, fault) : new ImageLocation(transport, path, name, null);
    }

    // As docker itself takes it: docker.io and library/ are added, and latest.
    private static string DockerName(string name, string text)
    {
        if (LoginText.FindFault(name) is { } login)
        {
            throw new ReferenceException(text, login);
        }

        if (!ImageReference.TryParse(name, out var reference, out var fault))
        {
            throw new ReferenceException(text, $"its image name '{Printable.Text(name)}' is none that Docker knows: {fault}");
        }

        return reference!.Digest is null
            ? reference.WithDefaultTag().ToString()
            : throw new ReferenceException(text, $"its image name '{Printable.Text(name)}' has a digest; images are called by a tag there");
    }

    private static string DaemonName(string name, string text) =>
        Digest.TryParse(name, out var id, out _) ? id!.ToString()
            : name.Length > 0 ? DockerName(name, text)
            : throw new ReferenceException(
                text, "its image name is empty; alone it is only a place for Sync-OciImage, and an image is docker-daemon:repository:tag");

    // C:\mirror, C:/mirror, \\?\C:\mirror, Mirror:\images: what comes before the drive's colon, and the colon, is passed over.
    private static int PathStart(string path, Func<string, bool>? isDrive)
    {
        var start = path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal) ? 4 : 0;
        var name = RootedDrive(path.Substring(start));
        return name is not null && (IsLetter(name) || isDrive?.Invoke(name) == true) ? start + name.Length + 1 : start;
    }

    private static bool IsLetter(string name) => name.Length == 1 && name[0] is >= 'a' and <= 'z' or >= 'A' and <= 'Z';

    // What stands before ':\' or ':/', where that comes first: the name of a drive, or nothing that can be meant.
    private static string? RootedDrive(string path)
    {
        var end = path.IndexOfAny([':', '\\', '/']);
        return end > 0 && end + 1 < path.Length && path[end] == ':' && path[end + 1] is '\\' or '/' ? path.Substring(0, end) : null;
    }

    // Where '/' alone separates, any name may stand before ':/'.
    private static string? FindUnknownDrive(string path, Func<string, bool>? isDrive, bool isWindows) =>
        RootedDrive(path) is { } name && !IsLetter(name) && (isWindows || path[name.Length + 1] == '\\') && isDrive?.Invoke(name) != true
            ? name
            : null;

    private static string CheckPath(string path, string text, Func<string, bool>? isDrive, bool isWindows) => path switch
    {
        "" => throw new ReferenceException(text, "the path is empty"),
        _ when path.Contains("\0") => throw new ReferenceException(text, "the path has the character U+0000"),
        _ when FindUnknownDrive(path, isDrive, isWindows) is { } name =>
            throw new ReferenceException(text, $"there is no drive '{Printable.Text(name)}:' of the file system (Get-PSDrive lists them)"),
        _ => path,
    };
}
