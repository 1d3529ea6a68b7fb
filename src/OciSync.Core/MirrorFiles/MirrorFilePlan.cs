using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Polyfills;

namespace OciSync.Core.MirrorFiles;

/// <summary>The files that make machines pull from a mirror, planned together before the first is written.</summary>
public sealed class MirrorFilePlan
{
    private const string RegistriesConfName = "50-ocisync-mirror.conf";
    private readonly MirrorFileFormat _format;

    private MirrorFilePlan(MirrorFileFormat format, IReadOnlyList<OciMirrorFile> files, IReadOnlyList<string> notes)
    {
        _format = format;
        Files = files;
        Notes = notes;
    }

    /// <summary>The files, with the status WouldWrite or Unchanged.</summary>
    public IReadOnlyList<OciMirrorFile> Files { get; }

    /// <summary>What has no place in these files and is to be done beside them.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Plans the files; nothing is written.</summary>
    /// <param name="format">Whose.</param>
    /// <param name="path">The full path: a folder for trees, else a file.</param>
    /// <param name="routes">Which images are where.</param>
    /// <param name="options">How the mirror is used.</param>
    /// <param name="force">Replaces files that are there and can't take the mirrors in.</param>
    /// <exception cref="OciException">
    /// Names that the format can't say (<see cref="OciErrorKind.NamingUnsupported"/>), a file that is somebody else's
    /// (<see cref="OciErrorKind.DestinationExists"/>), or one that can't be read.
    /// </exception>
    public static MirrorFilePlan Create(MirrorFileFormat format, string path, IReadOnlyList<MirrorRoute> routes, MirrorOptions options, bool force)
    {
        var table = RouteTable.Create(routes, options);
        var drafts = DraftsOf(format, path, table, options);
        var files = drafts.Select(d => ToFile(d, format, options, force)).ToList();
        return new MirrorFilePlan(format, files, MirrorNotes.Find(format, path, table, options).ToList());
    }

    /// <summary>Writes a file, whole or not at all; its folder is made.</summary>
    /// <exception cref="OciException">It can't be written (<see cref="OciErrorKind.StorageFailed"/>).</exception>
    public void Write(OciMirrorFile file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);

            // What else a file says may be a secret too: its rights stay as narrow as they are.
            WholeFile.Write(file.Path, file.Text, replace: true, file.IsSecret || FileModes.IsPrivate(file.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"The {_format} file can't be written: {e.Message}", e);
        }

        file.Status = "Written";
    }

    private static IReadOnlyList<MirrorDraft> DraftsOf(MirrorFileFormat format, string path, RouteTable table, MirrorOptions options) => format switch
    {
        MirrorFileFormat.Containerd => HostsTomlWriter.Write(table, path, options, "containerd"),
        MirrorFileFormat.Docker => IsDaemonJson(path)
            ? [DaemonJsonWriter.Write(table, path, options)]
            : HostsTomlWriter.Write(table, path, options, "Docker"),
        MirrorFileFormat.RegistriesConf => [RegistriesConfWriter.Write(table, IsFolder(path) ? Path.Combine(path, RegistriesConfName) : path, options)],
        MirrorFileFormat.K3s => [K3sWriter.Write(table, IsFolder(path) ? Path.Combine(path, "registries.yaml") : path, options)],
        _ => [OpenShiftWriter.Write(table, IsFolder(path) ? Path.Combine(path, "ocisync-mirror.yaml") : path, options)],
    };

    internal static bool IsDaemonJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    internal static bool IsFolder(string path) =>
        Directory.Exists(path) || path.EndsWith(".d", StringComparison.Ordinal) || path.TrimEnd('/', Path.DirectorySeparatorChar).Length < path.Length;

    private static OciMirrorFile ToFile(MirrorDraft draft, MirrorFileFormat format, MirrorOptions options, bool force)
    {
        if (draft.Hides is { } hidden && Directory.Exists(hidden) && !force)
        {
            throw Exists($"'{hidden}' is there, and '{Path.GetDirectoryName(draft.Path)}' would hide it. -Force writes it all the same");
        }

        var there = ReadText(draft.Path);
        var isOurs = there is null || there.StartsWith(MirrorText.Mark, StringComparison.Ordinal);
        var merged = isOurs ? null : draft.Merge(there!);
        if (!isOurs && merged is null && !force)
        {
            throw Exists($"'{draft.Path}' is not of Export-OciMirrorConfig and can't take the mirrors in. Put them in by hand, use another -Path, or "
                + "replace the whole file: -Force");
        }

        var text = merged ?? draft.Text;
        return new OciMirrorFile
        {
            Path = draft.Path,
            Format = format.ToString(),
            Status = text == there ? "Unchanged" : "WouldWrite",
            Source = [.. draft.Source],
            Mirror = [.. draft.Mirror],
            Fallback = !options.NoFallback,
            IsMerged = merged is not null,
            Text = text,
            IsSecret = draft.IsSecret,
        };
    }

    private static OciException Exists(string fault) => new(OciErrorKind.DestinationExists, fault + ".");

    private static string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? SettingsFile.ReadText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"'{path}' can't be read: {e.Message}", e);
        }
    }
}
