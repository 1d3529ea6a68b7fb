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

    // What its name tells nothing of is known by its first lines.
    private IEnumerable<FindUnit> OfText(string path, FileFormat format)
    {
        if (format is not (FileFormat.Document or FileFormat.Other))
        {
            return [new FindUnit(path, token => Read(path, () =>
            {
                var source = FileText.Read(path);
                var reader = CreateReader(path, format);
                reader.Read(source, token);
                return reader;
            }))];
        }

        return OfStretches(path, format == FileFormat.Other);
    }

    private IEnumerable<FindUnit> OfStretches(string path, bool isUnknown)
    {
        using var stretches = FileText.ReadStretches(path, Stretch).GetEnumerator();
        while (true)
        {
            SourceText? source = null;
            OciException? failure = null;
            try
            {
                source = stretches.MoveNext() ? stretches.Current : null;
            }
            catch (OciException e)
            {
                failure = e;
            }

            if (failure is not null)
            {
                yield return new FindUnit(path, _ => new FindOutcome { Path = path, Failures = [failure] });
            }

            if (source is null)
            {
                yield break;
            }

            yield return OfStretch(path, source, isUnknown && IsDockerfile(source.Text) ? FileFormat.Dockerfile : FileFormat.Document);
            isUnknown = false;
        }
    }

    private FindUnit OfStretch(string path, SourceText source, FileFormat format) => new(path, token => Read(path, () =>
    {
        var reader = new DocumentReader(options, format);
        reader.Read(source, token);
        return reader;
    }));

    private static FindOutcome Read(string path, Func<DocumentReader> read)
    {
        try
        {
            return read().Take(path);
        }
        catch (OciException e)
        {
            return new FindOutcome { Path = path, Failures = [e] };
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
