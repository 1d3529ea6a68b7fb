namespace OciSync.Core.Removing;

/// <summary>What a registry says to a deletion.</summary>
internal enum DeleteAnswer
{
    /// <summary>It is gone.</summary>
    Done,

    /// <summary>It was not there.</summary>
    Missing,

    /// <summary>Not this way: no deletion by tag, or none at all.</summary>
    Refused,
}
