using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>What a rule takes for the name of an image.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Text">The name, or what is known of it.</param>
/// <param name="Source">The text it stands in.</param>
/// <param name="Offset">Where in it.</param>
internal sealed record Candidate(string Rule, WrittenText Text, SourceText Source, int Offset)
{
    /// <summary>A scalar.</summary>
    internal Candidate(string rule, SourceNode node)
        : this(rule, node, 0)
    {
    }

    /// <summary>The text of a scalar from an offset on.</summary>
    internal Candidate(string rule, SourceNode node, int from)
        : this(rule, WrittenText.Of(node).TrimBreaks().Slice(from), node.Source, node.Start)
    {
    }

    /// <summary>Where in <see cref="Source"/> it stands: by the text itself, if its beginning is known.</summary>
    internal Candidate AtText(WrittenText text) =>
        text.Spans.Count > 0 && text.Spans[0].Start == 0 ? this with { Source = Source.File, Offset = text.Spans[0].Outer - Source.File.FirstOffset } : this;

    /// <summary>What the file says, where that isn't the name.</summary>
    internal string? Written { get; init; }

    /// <summary>Whoever reads the file takes <c>latest</c> where no tag is written. Without it such a name isn't certain.</summary>
    internal bool TakesLatest { get; init; }

    /// <summary>What is no name of an image is no mistake, and passed over.</summary>
    internal bool IsGuess { get; init; }

    /// <summary>Why it isn't certain, be it a name or not.</summary>
    internal string? Doubt { get; init; }

    /// <summary>What is to be said of it though it is certain.</summary>
    internal string? Note { get; init; }

    /// <summary>The digest that runs, by a cluster.</summary>
    internal string? Running { get; init; }

    /// <summary>The pieces, where they stand in several values; null for those of <see cref="Text"/>.</summary>
    internal IReadOnlyList<FoundPart>? Parts { get; init; }

    /// <summary>What names it, where that isn't what the document is.</summary>
    internal (string Kind, string? Name)? Owner { get; init; }

    /// <summary>The way to it, where that isn't where the reader is.</summary>
    internal string? Location { get; init; }
}
