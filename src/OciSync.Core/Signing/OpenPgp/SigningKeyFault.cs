namespace OciSync.Core.Signing.OpenPgp;

/// <summary>Why a secret key can't sign.</summary>
internal enum SigningKeyFault
{
    /// <summary>It is none, or none that signs: another key is needed.</summary>
    Unusable,

    /// <summary>It is protected, and no passphrase was given.</summary>
    PassphraseMissing,

    /// <summary>The passphrase isn't the one of the key.</summary>
    PassphraseWrong,

    /// <summary>gpg was asked for, and isn't there.</summary>
    GpgMissing,
}
