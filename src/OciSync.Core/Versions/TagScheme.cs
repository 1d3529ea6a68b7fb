namespace OciSync.Core.Versions;

/// <summary>What the text of a tag is, in ascending order.</summary>
public enum TagScheme
{
    /// <summary>A word, such as latest or edge.</summary>
    Name,

    /// <summary>A digest with a dash: a signature, or the referrers of an image.</summary>
    DigestTag,

    /// <summary>
    /// A commit: 7 to 40 hexadecimal digits, also after <c>sha-</c>, that are no date. A whole number of that length is taken for one, too.
    /// </summary>
    Commit,

    /// <summary>A date: eight digits, an ISO date, or RELEASE and an ISO date; with or without time, <c>v</c> and suffix.</summary>
    Date,

    /// <summary>A version: numbers with dots between them, with or without <c>v</c> and suffix.</summary>
    Version,
}
