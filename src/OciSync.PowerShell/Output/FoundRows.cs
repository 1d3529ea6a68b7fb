using OciSync.Core.Finding;
using OciSync.Core.Finding.Facts;

namespace OciSync.PowerShell.Output;

/// <summary>Which of the images that are found become objects, and what is to be said of the others at the end.</summary>
internal sealed class FoundRows(bool unique, bool includeUncertain)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _uncertain;

    /// <summary>The objects of a file.</summary>
    internal IEnumerable<OciFoundImage> Take(FindOutcome outcome)
    {
        foreach (var image in outcome.Images)
        {
            var row = !image.IsCertain && includeUncertain && image.Guess is not null ? image with { Reference = image.Guess } : image;
            if (unique && !_seen.Add(row.IsCertain ? row.Reference : "? " + row.Guess + row.Text + row.Reason))
            {
                continue;
            }

            _uncertain += row.IsCertain ? 0 : 1;
            yield return row;
        }
    }

    /// <summary>What is to be said at the end, or null.</summary>
    internal string? Summary => _uncertain == 0 || includeUncertain ? null
        : _uncertain == 1 ? "One object names an image that the files alone don't tell: its IsCertain is False, its Reference empty, and Reason says why."
        : $"{_uncertain} objects name images that the files alone don't tell: their IsCertain is False, their Reference empty, and Reason says why.";
}
