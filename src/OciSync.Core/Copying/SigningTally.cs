namespace OciSync.Core.Copying;

/// <summary>What became of the signatures of one row. Safe for manifests that are signed at the same time.</summary>
internal sealed class SigningTally
{
    private int _added;

    /// <summary>Signatures that were made.</summary>
    internal int Added => Volatile.Read(ref _added);

    /// <summary>Signatures that an image lacks, or lacked, which is up to date itself.</summary>
    internal int Missing { get; set; }

    /// <summary>The image has all signatures by now, or would have.</summary>
    internal bool IsDone { get; set; }

    internal void Add() => Interlocked.Increment(ref _added);
}
