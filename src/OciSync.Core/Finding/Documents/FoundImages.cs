using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.Core.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>Gathers what the rules find in one file: names are completed, what is no name is told or passed over, a place counts once.</summary>
/// <param name="isOff">Whether a rule is switched off.</param>
internal sealed class FoundImages(Func<string, bool> isOff)
{
    private readonly HashSet<(SourceText, int, string)> _seen = [];

    internal List<OciFoundImage> Images { get; } = [];

    internal List<FindWarning> Warnings { get; } = [];

    /// <summary>Where the reader is.</summary>
    internal NodePath Path { get; } = new();

    /// <summary>What is read: the kind of the object.</summary>
    internal string? Kind { get; set; }

    /// <summary>The name of the object that is read.</summary>
    internal string? Name { get; set; }

    internal void Warn(SourceText source, int offset, string message)
    {
        var (line, column) = source.PlaceOf(offset);
        Warnings.Add(new FindWarning(FileOf(source), line, column, message));
    }

    /// <summary>Takes a candidate: it becomes an image, an image that isn't certain, a warning, or nothing.</summary>
    internal void Add(Candidate candidate)
    {
        if (isOff(candidate.Rule))
        {
            return;
        }

        candidate = candidate.Written is null ? candidate.AtText(candidate.Text) : candidate;
        var text = candidate.Text.Value;
        if (ReferenceText.FindPlaceholder(text) is { } placeholder)
        {
            AddUncertain(candidate, null, candidate.Doubt ?? placeholder);
            if (text.Contains("<no value>"))
            {
                Warn(candidate.Source, candidate.Offset, $"'{Printable.Text(text)}' was left by a template without a value.");
            }

            return;
        }

        if (ReferenceText.IsPattern(text.Trim()) || (candidate.IsGuess && ReferenceText.IsSomethingElse(text)))
        {
            return;
        }

        if (ReferenceText.Parse(text, out var fault) is not { } reference)
        {
            if (candidate.Doubt is not null)
            {
                AddUncertain(candidate, null, candidate.Doubt);
            }
            else if (!candidate.IsGuess && !ReferenceText.IsSomethingElse(text))
            {
                Warn(candidate.Source, candidate.Offset, $"'{Printable.Text(text)}' is not an image reference: {fault}.");
            }

            return;
        }

        AddReference(candidate, reference);
    }

    /// <summary>Tells of a place whose image can't be known from the file.</summary>
    internal void AddUnknown(string rule, SourceNode node, string reason)
    {
        if (!isOff(rule))
        {
            AddUncertain(new Candidate(rule, node), null, reason);
        }
    }

    private void AddReference(Candidate candidate, ImageReference reference)
    {
        if (candidate.Doubt is not null)
        {
            AddUncertain(candidate, candidate.TakesLatest ? reference.WithDefaultTag() : reference.IsRepository ? null : reference, candidate.Doubt);
        }
        else if (!reference.IsRepository)
        {
            Put(Create(candidate, reference, candidate.Note), candidate);
        }
        else if (candidate.TakesLatest)
        {
            Put(Create(candidate, reference.WithDefaultTag(), candidate.Note ?? "no tag is written, which means latest"), candidate);
        }
        else
        {
            AddUncertain(candidate, null, ReferenceText.IsBareWord(candidate.Text.Value)
                ? "a single word, perhaps a part of a name" : "no tag is written, and what reads this may choose one");
        }
    }

    private void AddUncertain(Candidate candidate, ImageReference? reference, string reason) =>
        Put(Create(candidate, reference, reason) with { IsCertain = false, Reference = string.Empty, Guess = reference?.ToString() }, candidate);

    private OciFoundImage Create(Candidate candidate, ImageReference? reference, string? reason)
    {
        var (line, column) = candidate.Source.PlaceOf(candidate.Offset);
        return new OciFoundImage
        {
            Reference = reference?.ToString() ?? string.Empty,
            Text = candidate.Written ?? candidate.Text.Value,
            File = candidate.Source.Path,
            Entry = candidate.Source.Entry,
            Line = line,
            Column = column,
            Location = candidate.Location ?? Path.ToString(),
            Kind = candidate.Owner?.Kind ?? Kind,
            Name = candidate.Owner is { } owner ? owner.Name : Name,
            Rule = candidate.Rule,
            Reason = reason,
            Digest = reference?.Digest?.ToString() ?? candidate.Running,
            Parts = candidate.Source.Entry is null ? candidate.Parts ?? ReferenceParts.Of(candidate.Text) : [],
        };
    }

    // Of an aliased value there is one place, however often it is read.
    private void Put(OciFoundImage image, Candidate candidate)
    {
        if (candidate.Source.FirstLine == 0 || _seen.Add((candidate.Source, candidate.Offset, image.Guess ?? image.ToString())))
        {
            Images.Add(image);
        }
    }

    private static string? FileOf(SourceText source) =>
        source.Entry is null ? source.Path : source.Path + ":" + source.Entry;
}
