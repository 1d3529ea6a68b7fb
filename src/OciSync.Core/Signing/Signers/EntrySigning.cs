namespace OciSync.Core.Signing.Signers;

/// <summary>What an entry of a sync file says of signing; a row that comes from it says the same. It has places of secrets, and none itself.</summary>
/// <param name="KeyPaths">Key files, by their full paths.</param>
/// <param name="GpgKeys">Keys of gpg.</param>
public sealed record EntrySigning(IReadOnlyList<string> KeyPaths, IReadOnlyList<string> GpgKeys)
{
    /// <summary>Its images are not signed, whatever the command says.</summary>
    public static readonly EntrySigning Nobody = new([], []);

    /// <summary>The form; null for the usual one.</summary>
    public SignatureFormat? Format { get; init; }

    /// <summary>The name that is signed; null for the image's own at the destination.</summary>
    public string? Identity { get; init; }

    /// <summary>A file whose first line is the passphrase, by its full path; null for what the command says.</summary>
    public string? PassphrasePath { get; init; }

    /// <summary>The variable of the environment that has the passphrase; null for what the command says.</summary>
    public string? PassphraseVariable { get; init; }
}
