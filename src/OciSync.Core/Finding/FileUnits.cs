using System.Text.RegularExpressions;
using OciSync.Core.Errors;
using OciSync.Core.Finding.Charts;
using OciSync.Core.Finding.Compose;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding;

/// <summary>The work that one file is: by its name, or by its content where it was named by the user.</summary>
internal sealed class FileUnits(FindOptions options)
{
    // Long enough that a unit is worth a thread, short enough that several share the work.
    private const int Stretch = 128 * 1024;

    private static readonly Regex DockerfileStart = new(
        @"\A(?:\s*(?:#[^\n]*)?\n)*\s*(?:FROM|ARG)\s", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>Whether a text without a name is a Dockerfile.</summary>
    internal static bool IsDockerfile(string text) => DockerfileStart.IsMatch(text.Length > 8192 ? text.Substring(0, 8192) : text);

    /// <summary>The work of a file; none where its name says that there is none.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="isNamed">The user named the file: then its content tells what its name doesn't.</param>
    internal IEnumerable<FindUnit> Of(string path, bool isNamed)
    {
        var format = FileFormats.Of(path);
        return format switch
        {
            FileFormat.Other when !isNamed => [],
            FileFormat.Archive => [OfArchive(path)],
            FileFormat.Chart when Path.GetDirectoryName(path) is { } folder => [OfChart(folder)],
            _ => OfText(path, format),
        };
    }

    /// <summary>The work of a chart in a folder.</summary>
    internal FindUnit OfChart(string folder) => new(folder, _ => ReadChart(folder, tell => ChartFolder.Open(folder, options.FollowLink, tell)));

    private FindUnit OfArchive(string path) => new(path, _ => ReadChart(path, tell => ChartFolder.ReadArchive(path, tell)));

    /// <summary>Reads a chart, wherever it lies.</summary>
    internal FindOutcome ReadChart(string path, Func<Action<OciException>, ChartFiles> open)
    {
        var found = new FoundImages(options.IsOff);
        var failures = new List<OciException>();
        var isKnown = false;
        try
        {
            var files = open(failures.Add);
            isKnown = files.Has(ChartFiles.ChartFile);
            if (isKnown)
            {
                new ChartReader(found).Read(files);
            }
        }
        catch (OciException e)
        {
            failures.Add(e);
        }

        return new FindOutcome { Path = path, Images = found.Images, Warnings = found.Warnings, Failures = failures, IsKnown = isKnown };
    }

    private IEnumerable<FindUnit> OfText(string path, FileFormat format)
    {
        SourceText? source = null;
        OciException? failure = null;
        try
        {
            source = FileText.Read(path);
        }
        catch (OciException e)
        {
            failure = e;
        }

        if (source is null)
        {
            yield return new FindUnit(path, _ => new FindOutcome { Path = path, Failures = [failure!] });
            yield break;
        }

        format = format != FileFormat.Other ? format : IsDockerfile(source.Text) ? FileFormat.Dockerfile : FileFormat.Document;
        if (format != FileFormat.Document || source.Text.Length < 2 * Stretch)
        {
            yield return new FindUnit(path, token => Read(path, CreateReader(path, format), reader => reader.Read(source, token)));
            yield break;
        }

        foreach (var (from, to) in Stretches(source.Text))
        {
            yield return new FindUnit(path, token => Read(path, CreateReader(path, format), reader => reader.Read(source, from, to, token)));
        }
    }

    private static FindOutcome Read(string path, DocumentReader reader, Action<DocumentReader> read)
    {
        read(reader);
        return reader.Take(path);
    }

    private static IEnumerable<(int From, int To)> Stretches(string text)
    {
        var from = 0;
        foreach (var (start, length) in DocumentSplitter.Split(text))
        {
            if (start + length - from >= Stretch)
            {
                yield return (from, start + length);
                from = start + length;
            }
        }

        if (from < text.Length)
        {
            yield return (from, text.Length);
        }
    }

    private DocumentReader CreateReader(string path, FileFormat format) => format switch
    {
        FileFormat.Values => new DocumentReader(options, format, FindChart(path)),
        FileFormat.Compose => new DocumentReader(options, format, variables: FindVariables(path)),
        _ => new DocumentReader(options, format),
    };

    // What can't be read of the chart beside is told where the chart itself is read.
    private ChartFacts FindChart(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        return File.Exists(Path.Combine(folder, ChartFiles.ChartFile))
            ? new ChartReader(new FoundImages(options.IsOff)).ReadFacts(ChartFolder.Open(folder, options.FollowLink, _ => { })) : ChartFacts.None;
    }

    // The environment goes before the file .env (compose-spec, "Interpolation").
    private Func<string, string?> FindVariables(string path)
    {
        var file = Path.Combine(Path.GetDirectoryName(path)!, ".env");
        var values = new Dictionary<string, string>();
        try
        {
            values = File.Exists(file) ? EnvironmentFile.Read(FileText.Read(file).Text) : values;
        }
        catch (OciException)
        {
            // Without the file its variables are unknown, which is told of each place that names one.
        }

        return name => options.Environment(name) ?? (values.TryGetValue(name, out var value) ? value : null);
    }
}
