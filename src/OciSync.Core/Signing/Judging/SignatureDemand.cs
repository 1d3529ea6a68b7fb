namespace OciSync.Core.Signing.Judging;

/// <summary>What is asked of signatures beyond the policy.</summary>
public enum SignatureDemand
{
    /// <summary>What the policy asks, and no more.</summary>
    AsPolicy,

    /// <summary>A signature that the policy demands: what it lets in unsigned is refused.</summary>
    Require,

    /// <summary>The same and, of an image of several platforms, one of the index itself.</summary>
    RequireIndex,
}
