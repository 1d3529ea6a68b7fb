namespace OciSync.Core.Tags;

/// <summary>What the text of a tag is, in ascending order.</summary>
public enum TagScheme
{
    /// <summary>A word, such as latest or edge.</summary>
    Name,

    /// <summary>A digest with a dash: a signature, or the referrers of an image.</summary>
    DigestTag,

    /// <summary>A commit: 7 to 40 hexadecimal digits, not all decimal.</summary>
    Commit,

    /// <summary>A date: eight digits, an ISO date, or RELEASE and an ISO date.</summary>
    Date,

    /// <summary>A version.</summary>
    Version,
}
