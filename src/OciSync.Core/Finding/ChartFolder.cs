using OciSync.Core.Errors;
using OciSync.Core.Finding.Charts;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding;

/// <summary>A chart as a folder: its files, without those that links lead to.</summary>
internal static class ChartFolder
{
    private const int MostFiles = 10_000;
    private const int DeepestFolder = 20;

    /// <summary>The files of a chart.</summary>
    /// <param name="folder">The folder with the Chart.yaml.</param>
    /// <param name="followLink">Also what links lead to.</param>
    /// <param name="tell">Told what can't be read of it.</param>
    /// <exception cref="OciException">It has too many files to be a chart.</exception>
    internal static ChartFiles Open(string folder, bool followLink, Action<OciException> tell)
    {
        var paths = new List<string>();
        Gather(folder, string.Empty, followLink, paths, 0, tell);
        var texts = new Dictionary<string, SourceText?>(StringComparer.Ordinal);
        return new ChartFiles(Path.GetFileName(folder), paths, Read, OpenArchive);

        // Templates are read twice: for how they use the version, and for names in them.
        SourceText? Read(string path)
        {
            if (!texts.TryGetValue(path, out var text))
            {
                texts[path] = text = Try(() => FileText.Read(Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar))), tell);
            }

            return text;
        }

        ChartFiles? OpenArchive(string path) => Try(() => ReadArchive(Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar)), tell), tell);
    }

    /// <summary>A packed chart in a file.</summary>
    /// <exception cref="OciException">It can't be opened, or is none.</exception>
    internal static ChartFiles ReadArchive(string path, Action<OciException> tell)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return ChartArchive.Read(file, path, tell);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileText.Invalid(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static T? Try<T>(Func<T> read, Action<OciException> tell)
        where T : class
    {
        try
        {
            return read();
        }
        catch (OciException e)
        {
            tell(e);
            return null;
        }
    }

    private static void Gather(string folder, string within, bool followLink, List<string> paths, int depth, Action<OciException> tell)
    {
        try
        {
            foreach (var file in Directory.GetFiles(folder).OrderBy(f => f, StringComparer.Ordinal).Where(f => followLink || !FolderWalk.IsLink(f)))
            {
                paths.Add(within + Path.GetFileName(file));
            }

            if (paths.Count > MostFiles || depth > DeepestFolder)
            {
                throw FileText.Invalid(folder, "a chart has no more than 10000 files, in folders no more than 20 deep");
            }

            foreach (var inner in Directory.GetDirectories(folder).OrderBy(f => f, StringComparer.Ordinal).Where(f => followLink || !FolderWalk.IsLink(f)))
            {
                Gather(inner, within + Path.GetFileName(inner) + "/", followLink, paths, depth + 1, tell);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tell(FileText.Invalid(folder, e.Message.TrimEnd('.'), e));
        }
    }
}
