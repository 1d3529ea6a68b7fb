using System.Management.Automation;
using System.Security;
using OciSync.Core.Signing.Signers;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared;

/// <summary>Who signs images, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class SigningParameters : OciCmdlet
{
    // A number, not the enum: a field of a value type of the engine's would make PowerShell look for the engine before it can be found.
    private int _signatureFormat;

    /// <summary>Files of private keys that sign, each by itself: of cosign and skopeo, or secret keys of OpenPGP that gpg exported.</summary>
    [Parameter]
    [Alias("SignBySigstorePrivateKey")]
    [ValidateNotNullOrEmpty]
    public string[] SigningKeyPath { get; set; } = [];

    /// <summary>Keys of gpg that sign, with its agent or a smart card: by fingerprint, or by a part of a name that no other key has.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] SignBy { get; set; } = [];

    /// <summary>The name that is signed, in place of the image's own; without a tag it gets the image's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SignIdentity { get; set; }

    /// <summary>The form of the signatures: attached under a tag, as a bundle, or as OpenPGP, which is that of every key of OpenPGP.</summary>
    [Parameter]
    public SignatureFormat SignatureFormat
    {
        get => (SignatureFormat)_signatureFormat;
        set => _signatureFormat = (int)value;
    }

    /// <summary>The passphrase of the keys.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>A file whose first line is the passphrase of the keys.</summary>
    [Parameter]
    [Alias("SignPassphraseFile")]
    [ValidateNotNullOrEmpty]
    public string? PassphrasePath { get; set; }

    // What the parameters say; null where they name no key.
    private EntrySigning? GivenSigning
    {
        get
        {
            var (files, keys) = (Lists.Given(SigningKeyPath), Lists.Split(SignBy));
            var fault = Passphrase is not null && PassphrasePath is not null ? "-Passphrase and -PassphrasePath can't be used together."
                : files.Count + keys.Count == 0 && SignIdentity is not null
                    ? "-SignIdentity says under which name is signed, and needs -SigningKeyPath or -SignBy."
                : null;
            if (fault is not null)
            {
                ThrowTerminatingError(new ErrorRecord(new PSArgumentException(fault), "OciTrustInvalid", ErrorCategory.InvalidArgument, null));
            }

            return files.Count + keys.Count == 0 ? null : new EntrySigning([.. files.Select(p => FullPath(p)!)], keys)
            {
                Format = MyInvocation.BoundParameters.ContainsKey(nameof(SignatureFormat)) ? SignatureFormat : null,
                Identity = SignIdentity,
                PassphrasePath = FullPath(PassphrasePath),
            };
        }
    }
}
