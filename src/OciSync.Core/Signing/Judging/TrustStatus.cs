namespace OciSync.Core.Signing.Judging;

/// <summary>What signatures and a policy say of a manifest.</summary>
internal enum TrustStatus
{
    /// <summary>Every requirement is satisfied.</summary>
    Trusted,

    /// <summary>A signature is there and does not hold, or the policy refuses the image whoever signed it.</summary>
    Untrusted,

    /// <summary>A signature is needed and there is none of the kind.</summary>
    Unsigned,

    /// <summary>It could not be judged: a store did not answer, or nothing was asked for.</summary>
    Unknown,
}
