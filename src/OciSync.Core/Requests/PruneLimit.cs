using System.Globalization;
using OciSync.Core.Errors;

namespace OciSync.Core.Requests;

/// <summary>How many tags one run may prune: a number, or a part of the tags that there are.</summary>
public sealed class PruneLimit
{
    private const int DefaultCount = 10;
    private const int DefaultPercent = 10;

    private readonly int _count;
    private readonly int _percent;

    private PruneLimit(int count, int percent)
    {
        _count = count;
        _percent = percent;
    }

    /// <summary>The larger of 10 tags and 10 %.</summary>
    public static PruneLimit Default { get; } = new(DefaultCount, DefaultPercent);

    /// <summary>Reads <c>25</c> or <c>20%</c>.</summary>
    /// <exception cref="OciException">It is neither.</exception>
    public static PruneLimit Parse(string text)
    {
        var trimmed = (text ?? string.Empty).Trim();
        var isPercent = trimmed.EndsWith("%", StringComparison.Ordinal);
        return int.TryParse(trimmed.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (!isPercent || number <= 100)
            ? isPercent ? new PruneLimit(0, number) : new PruneLimit(number, 0)
            : throw new OciException(
                OciErrorKind.ChoiceInvalid, $"'{text}' is no limit for pruning; write a number of tags, such as 25, or a part of them, such as '20%'.");
    }

    /// <summary>The number of tags out of all that there are.</summary>
    internal int Of(int tags) => Math.Max(_count, (int)((long)tags * _percent / 100));
}
