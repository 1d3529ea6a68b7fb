namespace OciSync.Core.Signing;

/// <summary>What a policy says of an image before any signature is looked at.</summary>
internal enum PolicyDecision
{
    /// <summary>It is accepted, whether or not it is signed.</summary>
    Accept,

    /// <summary>It is refused, whoever signed it.</summary>
    Reject,

    /// <summary>Signatures decide.</summary>
    NeedsSignature,
}
