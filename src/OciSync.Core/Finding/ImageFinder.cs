using OciSync.Core.Errors;
using OciSync.Core.Finding.Documents;

namespace OciSync.Core.Finding;

/// <summary>Finds the images that files name. No network is used, and nothing is run.</summary>
public sealed class ImageFinder
{
    // Handing over a small file costs as much as reading it.
    private const int UnitsAtATime = 8;

    private readonly FindOptions _options;

    /// <param name="options">How.</param>
    public ImageFinder(FindOptions options) => _options = options;

    /// <summary>Looks through files and folders.</summary>
    /// <param name="paths">Their full paths.</param>
    /// <param name="onOutcomes">Told what came of a few files, in order, while others are read; the next wait for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FindAsync(IEnumerable<string> paths, Func<IReadOnlyList<FindOutcome>, Task> onOutcomes, CancellationToken cancellationToken)
    {
        var running = new Queue<Task<IReadOnlyList<FindOutcome>>>();
        var most = Math.Max(2, Math.Min(4, Environment.ProcessorCount)) * 2;
        try
        {
            foreach (var units in InParts(paths.SelectMany(new FolderWalk(_options).Walk)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                running.Enqueue(Task.Run(() => ReadAll(units, cancellationToken), cancellationToken));
                if (running.Count >= most)
                {
                    await onOutcomes(await running.Dequeue().ConfigureAwait(false)).ConfigureAwait(false);
                }
            }

            while (running.Count > 0)
            {
                await onOutcomes(await running.Dequeue().ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.WhenAll(running.Select(IgnoreAsync)).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<FindOutcome> ReadAll(List<FindUnit> units, CancellationToken cancellationToken) =>
        units.ConvertAll(u => u.Read(cancellationToken));

    private static IEnumerable<List<FindUnit>> InParts(IEnumerable<FindUnit> units)
    {
        var part = new List<FindUnit>(UnitsAtATime);
        foreach (var unit in units)
        {
            part.Add(unit);
            if (part.Count == UnitsAtATime)
            {
                yield return part;
                part = new List<FindUnit>(UnitsAtATime);
            }
        }

        yield return part;
    }

    /// <summary>Looks through files and folders, and gives everything at once.</summary>
    internal IReadOnlyList<FindOutcome> Find(IEnumerable<string> paths) =>
        paths.SelectMany(new FolderWalk(_options).Walk).Select(u => u.Read(CancellationToken.None)).ToList();

    /// <summary>Looks through a packed chart.</summary>
    /// <param name="packed">Its bytes.</param>
    /// <param name="name">What it is called where it comes from.</param>
    internal FindOutcome FindInChart(Stream packed, string name) =>
        new FileUnits(_options).ReadChart(name, tell => Charts.ChartArchive.Read(packed, name, tell));

    /// <summary>Looks through an object: pairs of names and values, lists, and texts or numbers in them.</summary>
    /// <param name="value">The object.</param>
    public FindOutcome FindInObject(object? value)
    {
        var reader = new DocumentReader(_options, FileFormat.Document);
        try
        {
            reader.Read(ObjectNodes.Read(value));
            return reader.Take(null);
        }
        catch (Yaml.SourceFaultException e)
        {
            return new FindOutcome { Failures = [FileText.Invalid("The object", e.Message.TrimEnd('.'))] };
        }
    }

    // The run ends with the first failure; work that was begun is waited for.
    private static async Task IgnoreAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or OciException)
        {
            // What ended the run is told already.
        }
    }
}
