namespace OciSync.Core.Signing;

/// <summary>Which images are let in.</summary>
public sealed record TrustOptions
{
    /// <summary>All are.</summary>
    public static readonly TrustOptions Everything = new();

    /// <summary>The policy; a valid one. Null lets every image in.</summary>
    public OciPolicy? Policy { get; init; }

    /// <summary>What is asked beyond the policy.</summary>
    public SignatureDemand Demand { get; init; }
}
