using System.Globalization;

namespace OciSync.Core.Versions;

/// <summary>
/// A tag as something that can be compared. The order is total and strict: names, digest tags, commits, dates, versions. Versions go by
/// their numbers (of any size, missing ones are 0), then prerelease before release, plain before suffixed (numbers in the suffix count as
/// numbers), fewer parts before more, without <c>v</c> before with, then by character. Dates go by the same rules.
/// </summary>
/// <remarks>PowerShell compares it with text: <c>Where-Object Version -ge '3.17'</c>.</remarks>
public sealed class TagVersion : IComparable, IComparable<TagVersion>, IEquatable<TagVersion>
{
    private readonly IReadOnlyList<string>? _numbers;
    private readonly byte _start;
    private readonly byte _end;

    internal TagVersion(string text, TagScheme scheme)
    {
        Text = text;
        Scheme = scheme;
    }

    /// <summary>The tag.</summary>
    public string Text { get; }

    /// <summary>What the tag is.</summary>
    public TagScheme Scheme { get; }

    /// <summary>The first number; of a date the year. Null where there is none, or none below 2^63.</summary>
    public long? Major => NumberAt(0);

    /// <summary>The second number; of a date the month. Null where there is none.</summary>
    public long? Minor => NumberAt(1);

    /// <summary>The third number; of a date the day. Null where there is none.</summary>
    public long? Patch => NumberAt(2);

    /// <summary>The pre-release as written, <c>rc.1</c> or <c>ea-22</c>; empty for a release.</summary>
    public string Prerelease { get; internal init; } = string.Empty;

    /// <summary>What follows the numbers, without the pre-release: <c>-alpine3.20</c>, <c>-0</c>.</summary>
    public string Suffix { get; internal init; } = string.Empty;

    /// <summary>
    /// The line of builds: the suffix, in which a number that stands alone is <c>#</c> (<c>-#</c> for <c>-0</c>). Empty for the main line.
    /// </summary>
    public string Family { get; internal init; } = string.Empty;

    /// <summary>The version is an alpha, beta, rc, preview, nightly or the like.</summary>
    public bool IsPrerelease => Prerelease.Length > 0;

    /// <summary>The numbers as digits without leading zeros; of a date year, month, day and the parts of the time.</summary>
    internal IReadOnlyList<string> Numbers
    {
        get => _numbers ?? TagNumbers.Read(Text, _start, _end);
        init => _numbers = value;
    }

    /// <summary>Where the numbers stand in the text, where they aren't kept; else an empty range.</summary>
    internal (int Start, int End) NumberRange
    {
        get => (_start, _end);
        init => (_start, _end) = ((byte)value.Start, (byte)value.End);
    }

    internal bool HasPrefix { get; init; }

    /// <summary>Reads any text; every text is something.</summary>
    public static TagVersion Parse(string text) => TagVersionParser.Parse(text ?? string.Empty);

    /// <summary>A whole number as a version.</summary>
    public static explicit operator TagVersion(int number) => Parse(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A <see cref="System.Version"/> as a version: <c>[version]'3.10'</c>.</summary>
    public static explicit operator TagVersion(Version version) => Parse(version?.ToString() ?? string.Empty);

    /// <summary>A bare 3.10 is the number 3.1 in PowerShell.</summary>
    /// <exception cref="FormatException">Its text may have lost a zero.</exception>
    public static explicit operator TagVersion(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var point = text.IndexOf('.');
        return point >= 0 && text.Length - point == 2
            ? throw new FormatException(
                $"{text} may have been written {text}0, which PowerShell reads as the number {text}. "
                + $"Put versions in quotes: '{text}0' or '{text}'.")
            : Parse(text);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        TagVersion other => CompareTo(other),
        string text => CompareTo(Parse(text)),
        double number => CompareTo((TagVersion)number),
        int or long or decimal => CompareTo(Parse(((IFormattable)obj).ToString(null, CultureInfo.InvariantCulture))),
        Version version => CompareTo((TagVersion)version),
        _ => throw new ArgumentException($"A tag's version can't be compared with a {obj.GetType().Name}.", nameof(obj)),
    };

    /// <inheritdoc/>
    public int CompareTo(TagVersion? other) => other is null ? 1 : TagOrder.Compare(this, other);

    /// <inheritdoc/>
    public bool Equals(TagVersion? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TagVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The same version.</summary>
    public static bool operator ==(TagVersion? left, TagVersion? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Another version.</summary>
    public static bool operator !=(TagVersion? left, TagVersion? right) => !(left == right);

    /// <summary>Older.</summary>
    public static bool operator <(TagVersion? left, TagVersion? right) => Compare(left, right) < 0;

    /// <summary>Newer.</summary>
    public static bool operator >(TagVersion? left, TagVersion? right) => Compare(left, right) > 0;

    /// <summary>Older or the same.</summary>
    public static bool operator <=(TagVersion? left, TagVersion? right) => Compare(left, right) <= 0;

    /// <summary>Newer or the same.</summary>
    public static bool operator >=(TagVersion? left, TagVersion? right) => Compare(left, right) >= 0;

    private long? NumberAt(int index) =>
        Numbers is var numbers && index < numbers.Count && long.TryParse(numbers[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static int Compare(TagVersion? left, TagVersion? right) => left is null ? (right is null ? 0 : -1) : left.CompareTo(right);
}
