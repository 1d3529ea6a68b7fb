using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>What a policy says of one image, before any signature is looked at.</summary>
public sealed class OciPolicyCheck
{
    internal OciPolicyCheck(string reference, string policyPath)
    {
        Reference = reference;
        PolicyPath = policyPath;
    }

    /// <summary>The image as the policy sees it: the whole name, or the place as it was given.</summary>
    public string Reference { get; }

    /// <summary>The file.</summary>
    public string PolicyPath { get; }

    /// <summary>The transport, such as <c>docker</c> or <c>dir</c>.</summary>
    public string Transport { get; internal init; } = string.Empty;

    /// <summary>The scope that decides: the narrowest there is, <c>""</c> for the rest of a transport, or <c>default</c>; empty where the file isn't valid.</summary>
    public string Scope { get; internal init; } = string.Empty;

    /// <summary>What the image has to satisfy, all of it.</summary>
    public TextList<string> Requirements { get; internal init; } = [];

    /// <summary>Accept, Reject or NeedsSignature.</summary>
    public string Decision { get; internal init; } = nameof(PolicyDecision.Reject);

    /// <summary>Why.</summary>
    public string Reason { get; internal init; } = string.Empty;

    /// <summary>The file can be used; one that can't refuses every image.</summary>
    public bool IsValid { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reference}: {Decision} ({Reason})";
}
