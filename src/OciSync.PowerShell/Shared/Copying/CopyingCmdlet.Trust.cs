using System.Management.Automation;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>Which images are let in.</content>
[SharedParameters(typeof(PolicyParameters))]
[SharedParameters(typeof(SignaturePlaceParameters))]
public abstract partial class CopyingCmdlet
{
    private Policies? _policies;
    private TrustOptions _trust = TrustOptions.Everything;
    private string? _registriesDirectory;

    public partial string? PolicyPath { get; set; }
    public partial string? RegistriesDirectory { get; set; }

    /// <summary>Every image is let in, whatever a policy says.</summary>
    [Parameter]
    public SwitchParameter InsecurePolicy { get; set; }

    /// <summary>What the policy lets in without a signature is refused.</summary>
    [Parameter]
    public SwitchParameter RequireSigned { get; set; }

    /// <summary>The same, and of images of several platforms the index itself has to be signed.</summary>
    [Parameter]
    public SwitchParameter RequireSignedIndex { get; set; }

    /// <summary>Signatures stay behind; without it they travel where the destination has a place for them.</summary>
    [Parameter]
    [Alias("RemoveSignatures")]
    public SwitchParameter RemoveSignature { get; set; }

    private bool IsRequired => RequireSigned || RequireSignedIndex;

    // Before any work: what can't be judged by is found out here.
    private void BeginTrust()
    {
        _policies = new Policies(this);
        _registriesDirectory = FullPath(RegistriesDirectory);
        if (InsecurePolicy && (IsRequired || PolicyPath is not null))
        {
            Refuse("-InsecurePolicy lets every image in; it goes neither with -PolicyPath nor with -RequireSigned.");
        }

        var policy = InsecurePolicy ? null : PolicyPath is not null ? _policies.Open(FullPath(PolicyPath)!) : _policies.FindDefault();
        if (policy is null && IsRequired)
        {
            Refuse($"-RequireSigned needs a policy that says whose signatures count. {OciPolicy.DescribeAbsence()} Name one with -PolicyPath.");
        }

        WriteVerbose(
            policy is not null ? $"The policy is '{policy.Path}'."
            : InsecurePolicy ? "No policy is asked (-InsecurePolicy): every image is let in."
            : $"{OciPolicy.DescribeAbsence()} Every image is let in.");
        _trust = new TrustOptions
        {
            Policy = policy,
            Demand = RequireSignedIndex ? SignatureDemand.RequireIndex : RequireSigned ? SignatureDemand.Require : SignatureDemand.AsPolicy,
            RemoveSignatures = RemoveSignature,
        };
    }

    /// <summary>Who lets the images of an entry, or of a row, in; null where it says nothing.</summary>
    private protected TrustOptions? TrustOf(EntryTrust? entry)
    {
        if (entry is null)
        {
            return null;
        }

        if (InsecurePolicy)
        {
            return TrustOptions.Everything with { RemoveSignatures = entry.RemoveSignatures ?? RemoveSignature, Entry = entry };
        }

        var trust = _trust.With(entry, _policies!.Open);
        if (trust.Policy is null && trust.Demand != SignatureDemand.AsPolicy)
        {
            Refuse(
                $"'signatures: {trust.Demand}' needs a policy that says whose signatures count. {OciPolicy.DescribeAbsence()} Name one with 'policy' or "
                + "-PolicyPath.");
        }

        return trust;
    }

    private void Refuse(string fault) =>
        ThrowTerminatingError(new ErrorRecord(new PSArgumentException(fault), "OciTrustInvalid", ErrorCategory.InvalidArgument, null));
}
