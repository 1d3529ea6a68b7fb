using OciSync.Core.Errors;
using OciSync.Core.Finding.Charts;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Finding;

/// <summary>
/// The files to be looked at, in the order of their names: those of a folder, with <see cref="FindOptions.Recurse"/> those of its folders. A
/// folder with a Chart.yaml is a chart and read as one, with all that is in it. Links are passed over unless they are to be followed.
/// </summary>
internal sealed class FolderWalk(FindOptions options)
{
    private const int DeepestFolder = 100;

    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal) { ".git", "node_modules" };
    private static readonly string[] OfChart = ["templates", "charts", "ci"];

    private readonly FileUnits _files = new(options);

    // Folders that links led to, by where they really are: a circle ends.
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);

    /// <summary>The work that a path stands for.</summary>
    /// <param name="path">The full path of a file or folder.</param>
    internal IEnumerable<FindUnit> Walk(string path) => Directory.Exists(path) ? WalkFolder(path, 0) : _files.Of(path, isNamed: true);

    private IEnumerable<FindUnit> WalkFolder(string folder, int depth)
    {
        var (files, folders, failure) = List(folder);
        if (failure is not null || depth > DeepestFolder)
        {
            yield return Note(folder, failure ?? FileText.Invalid(folder, $"folders are nested more than {DeepestFolder} deep"));
            yield break;
        }

        var isChart = files.Exists(f => Path.GetFileName(f) == ChartFiles.ChartFile);
        if (isChart)
        {
            yield return _files.OfChart(folder);
        }

        foreach (var file in files.Where(f => !isChart || Path.GetFileName(f) is not (ChartFiles.ChartFile or "values.yaml" or "values.yml")))
        {
            foreach (var unit in IsFollowed(file) ? _files.Of(file, isNamed: false) : [PassOver(file)])
            {
                yield return unit;
            }
        }

        foreach (var inner in folders.Where(f => (options.Recurse && !(isChart && OfChart.Contains(Path.GetFileName(f)))) && !PassedOver.Contains(Path.GetFileName(f))))
        {
            foreach (var unit in IsFollowed(inner) ? WalkFolder(inner, depth + 1) : [PassOver(inner)])
            {
                yield return unit;
            }
        }

        if (depth == 0 && files.Count == 0 && folders.Count > 0 && !options.Recurse)
        {
            yield return new FindUnit(folder, _ => new FindOutcome
            {
                Path = folder,
                Warnings = [new Facts.FindWarning(folder, 0, 0, "The folder has folders only; -Recurse looks into them.")],
                IsKnown = true,
            });
        }
    }

    private static (List<string> Files, List<string> Folders, OciException? Failure) List(string folder)
    {
        try
        {
            return (Directory.GetFiles(folder).OrderBy(f => f, StringComparer.Ordinal).ToList(),
                Directory.GetDirectories(folder).OrderBy(f => f, StringComparer.Ordinal).ToList(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], [], FileText.Invalid(folder, e.Message.TrimEnd('.'), e));
        }
    }

    private bool IsFollowed(string path) => !IsLink(path) || (options.FollowLink && _followed.Add(FileLinks.Resolve(path)));

    /// <summary>Whether a file or folder is a link.</summary>
    internal static bool IsLink(string path)
    {
        try
        {
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone meanwhile: who opens it says so.
            return false;
        }
    }

    private static FindUnit Note(string path, OciException failure) => new(path, _ => new FindOutcome { Path = path, Failures = [failure] });

    private FindUnit PassOver(string path) => new(path, _ => new FindOutcome
    {
        Path = path,
        Notes = [options.FollowLink ? $"{path} leads where was looked already." : $"{path} is a link and not followed; -FollowLink does."],
    });
}
