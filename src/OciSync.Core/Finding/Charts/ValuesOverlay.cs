using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Charts;

/// <summary>The values of a chart under what the chart around it says of them (Helm, "Subcharts and Global Values").</summary>
internal static class ValuesOverlay
{
    private const string Global = "global";

    /// <summary>The chart's own values with those of the chart around it on top, and that one's <c>global</c>.</summary>
    /// <param name="own">The chart's values, or null.</param>
    /// <param name="above">What stands below the chart's name in the values around it, or null.</param>
    /// <param name="global">The <c>global</c> of the chart around, or null.</param>
    internal static SourceNode? Merge(SourceNode? own, SourceNode? above, SourceNode? global)
    {
        var merged = above is null ? own : Merge(own, above);
        if (global is null || merged is null)
        {
            return merged;
        }

        var top = new SourceNode(global.Source, YamlKind.Mapping, global.Start);
        top.Pairs.Add(new SourcePair(Global, global.Start, global));
        return Merge(merged, top);
    }

    private static SourceNode Merge(SourceNode? under, SourceNode over)
    {
        if (under is not { Kind: YamlKind.Mapping } || over.Kind != YamlKind.Mapping)
        {
            return over;
        }

        var merged = new SourceNode(under.Source, YamlKind.Mapping, under.Start) { Length = under.Length };
        foreach (var pair in under.Pairs)
        {
            merged.Pairs.Add(over.FindWritten(pair.Key) is { } value ? pair with { Value = Merge(pair.Value, value) } : pair);
        }

        var keys = new HashSet<string>(under.Pairs.Select(p => p.Key), StringComparer.Ordinal);
        merged.Pairs.AddRange(over.Pairs.Where(p => !keys.Contains(p.Key)));
        return merged;
    }
}
