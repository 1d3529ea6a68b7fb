namespace OciSync.Core.Copying;

/// <summary>What became of the signatures of one row's image.</summary>
internal sealed class SignatureTally
{
    /// <summary>The source has signatures of what is copied.</summary>
    internal bool Any { get; set; }

    /// <summary>Some of them are attachments, which are tags beside the image.</summary>
    internal bool HasAttached { get; set; }

    /// <summary>Signatures that came along, or would.</summary>
    internal int Count { get; set; }

    /// <summary>How many are missing at the destination, once that is known.</summary>
    internal int Expected { get; set; }

    /// <summary>It was looked for signatures: what stays behind is known.</summary>
    internal bool IsKnown { get; set; }

    /// <summary>What stays behind as it has no place at the destination, in words; none where nothing does.</summary>
    internal IReadOnlyList<string> Left { get; set; } = [];
}
