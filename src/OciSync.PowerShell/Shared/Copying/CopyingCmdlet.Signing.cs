using System.Security;
using OciSync.Core.Signing.Signers;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>Who signs images at their destinations.</content>
[SharedParameters(typeof(SigningParameters))]
public abstract partial class CopyingCmdlet
{
    private SigningKeys? _keys;
    private SigningOptions _signing = SigningOptions.None;

    public partial string[] SigningKeyPath { get; set; }
    public partial string[] SignBy { get; set; }
    public partial string? SignIdentity { get; set; }
    public partial SignatureFormat SignatureFormat { get; set; }
    public partial SecureString? Passphrase { get; set; }
    public partial string? PassphrasePath { get; set; }

    // Before any work: a key that can't sign is found out here.
    private void BeginSigning()
    {
        _keys = new SigningKeys(this, CreateOptions, Run);
        if (GivenSigning is { } asked)
        {
            _signing = _keys.Open(asked, Passphrase);
        }
    }

    /// <summary>Who signs the images of an entry, or of a row; null where it says nothing.</summary>
    private protected SigningOptions? SigningOf(EntrySigning? entry)
    {
        if (entry is null)
        {
            return null;
        }

        var isSigned = entry.KeyPaths.Count + entry.GpgKeys.Count > 0;
        var withPlace = entry.PassphrasePath is null && entry.PassphraseVariable is null ? entry with { PassphrasePath = FullPath(PassphrasePath) } : entry;
        return (isSigned ? _keys!.Open(withPlace, Passphrase) : SigningOptions.None) with { Entry = entry };
    }
}
