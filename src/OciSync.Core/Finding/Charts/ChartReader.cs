using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Charts;

/// <summary>
/// The images of a Helm chart without rendering it: those its annotations list, those of its values, and those that its templates write out;
/// and the same of the charts within it.
/// </summary>
internal sealed class ChartReader(FoundImages found)
{
    private const string SubCharts = "charts/";
    private const string Templates = "templates/";
    private const int DeepestChart = 10;

    /// <summary>Reads a chart and those within it.</summary>
    internal void Read(ChartFiles files) => Read(files, null, null, 0);

    /// <summary>What a values file beside a Chart.yaml is to know of its chart.</summary>
    internal ChartFacts ReadFacts(ChartFiles files) => ReadFacts(files, ReadRoot(files, ChartFiles.ChartFile), []);

    private void Read(ChartFiles files, SourceNode? above, SourceNode? global, int depth)
    {
        if (depth > DeepestChart)
        {
            return;
        }

        var chart = ReadRoot(files, ChartFiles.ChartFile);
        var subCharts = FindSubCharts(files, chart);
        var facts = ReadFacts(files, chart, subCharts.SelectMany(s => s.Keys).ToList());
        (found.Kind, found.Name) = ("chart", facts.Name);
        if (chart is not null)
        {
            new ChartAnnotations(found).Read(chart);
        }

        var before = found.Images.Count;
        var values = ValuesOverlay.Merge(ReadRoot(files, "values.yaml") ?? ReadRoot(files, "values.yml"), above, global);
        if (values is not null)
        {
            ValuesReader.Read(values, facts, found);
        }

        ReadTemplates(files, isExplained: found.Images.Count > before);
        foreach (var sub in subCharts)
        {
            foreach (var key in sub.Keys)
            {
                Read(sub.Files, values?.Find(key), values?.Find("global"), depth + 1);
            }
        }
    }

    private ChartFacts ReadFacts(ChartFiles files, SourceNode? chart, IReadOnlyCollection<string> subCharts)
    {
        var version = chart?.TextOf("appVersion");
        return new ChartFacts
        {
            Name = chart?.TextOf("name"),
            AppVersion = version,
            VersionPrefix = version is null ? string.Empty : AppVersionUse.FindPrefix(OwnTemplates(files).Select(p => files.Open(p)?.Text ?? string.Empty), version),
            SubCharts = subCharts,
        };
    }

    private static IEnumerable<string> OwnTemplates(ChartFiles files) => files.Paths.Where(
        p => p.StartsWith(Templates, StringComparison.Ordinal) && (p.EndsWith(".yaml", StringComparison.Ordinal)
            || p.EndsWith(".yml", StringComparison.Ordinal) || p.EndsWith(".tpl", StringComparison.Ordinal)));

    private void ReadTemplates(ChartFiles files, bool isExplained)
    {
        var rendered = 0;
        (SourceText Source, int Offset)? first = null;
        foreach (var path in OwnTemplates(files))
        {
            if (files.Open(path) is { } source)
            {
                var scanner = new TemplateScanner(source, found);
                scanner.Scan(0, source.Text.Length);
                rendered += scanner.Rendered;
                first ??= scanner.Rendered > 0 ? (source, scanner.FirstRendered) : null;
            }
        }

        if (first is { } place && !isExplained)
        {
            AddRendered(found, place.Source, place.Offset, rendered);
        }
    }

    /// <summary>Tells of lines in templates whose images only rendering tells.</summary>
    internal static void AddRendered(FoundImages found, SourceText source, int offset, int count) =>
        found.Add(new Candidate(FindRules.ChartTemplate, new WrittenText("{{ … }}", [], SourceStyle.Plain), source, offset)
        {
            IsGuess = true,
            Location = "template",
            Doubt = $"{count} {(count == 1 ? "line of the templates makes an image" : "lines of the templates make images")} "
                + "that only rendering tells: helm template … | Find-OciImage",
        });

    // Charts in charts/, unpacked or packed, with the names by which the values speak of them: aliases, or the chart's own.
    private List<(ChartFiles Files, IReadOnlyList<string> Keys)> FindSubCharts(ChartFiles files, SourceNode? chart)
    {
        var found = new List<(ChartFiles, IReadOnlyList<string>)>();
        var inside = files.Paths.Where(p => p.StartsWith(SubCharts, StringComparison.Ordinal)).ToList();
        var charts = inside.Where(p => p.EndsWith("/" + ChartFiles.ChartFile, StringComparison.Ordinal) && p.Split('/').Length == 3)
            .Select(p => files.Below(p.Substring(0, p.LastIndexOf('/'))))
            .Concat(inside.Where(p => p.EndsWith(".tgz", StringComparison.Ordinal) && p.Split('/').Length == 2).Select(files.OpenArchive).OfType<ChartFiles>());
        foreach (var sub in charts)
        {
            var name = ReadRoot(sub, ChartFiles.ChartFile)?.TextOf("name") ?? sub.Name.Substring(sub.Name.LastIndexOf('/') + 1);
            var aliases = chart?.Find("dependencies")?.Items.Where(d => d.TextOf("name") == name).Select(d => d.TextOf("alias") ?? name).Distinct().ToList() ?? [];
            found.Add((sub, aliases.Count > 0 ? aliases : [name]));
        }

        return found;
    }

    private SourceNode? ReadRoot(ChartFiles files, string path)
    {
        if (!files.Has(path) || files.Open(path) is not { } source)
        {
            return null;
        }

        SourceNode? root = null;
        try
        {
            SourceYaml.Read(source, 0, source.Text.Length, null, document => root ??= document);
        }
        catch (SourceFaultException e)
        {
            found.Warn(source, e.Offset, e.Message);
        }

        return root?.Kind == YamlKind.Mapping ? root : null;
    }
}
