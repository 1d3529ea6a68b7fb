using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Values;

/// <summary>What a chart and the top of its values say for all images in them.</summary>
internal sealed class ChartFacts
{
    internal static readonly ChartFacts None = new();

    /// <summary>The chart's name, or null.</summary>
    internal string? Name { get; init; }

    /// <summary>The version of what the chart installs, which is the tag where none is set; null where it isn't known.</summary>
    internal string? AppVersion { get; init; }

    /// <summary>What the chart's templates put before that version, <c>v</c> or nothing; null where they do both.</summary>
    internal string? VersionPrefix { get; init; } = string.Empty;

    /// <summary>The names of charts within the chart: what is said below them in values is theirs.</summary>
    internal IReadOnlyCollection<string> SubCharts { get; init; } = [];

    /// <summary>The values, from the top.</summary>
    internal SourceNode? Root { get; init; }

    /// <summary>A text of the values, by the way to it; null where it is nothing or empty.</summary>
    internal string? Text(params string[] keys) => Root?.Find(keys) is { IsScalar: true, Text.Length: > 0 } node ? node.Text : null;

    internal ChartFacts With(SourceNode root) =>
        new() { Name = Name, AppVersion = AppVersion, VersionPrefix = VersionPrefix, SubCharts = SubCharts, Root = root };
}
