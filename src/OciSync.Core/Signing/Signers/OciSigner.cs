using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Signers;

/// <summary>
/// A key that is open and signs images. Opening one takes a while, as its passphrase has to; so it is done once, for all images. Nothing of the key
/// or its passphrase is ever shown.
/// </summary>
public abstract class OciSigner
{
    private protected OciSigner(string name, SignatureFormat format)
    {
        Name = name;
        Format = format;
    }

    /// <summary>The fingerprint of the key, as checks of signatures name who signed.</summary>
    public string Name { get; }

    /// <summary>In which form it signs.</summary>
    public SignatureFormat Format { get; }

    /// <summary>Opens the key in a file: a key file of cosign or skopeo, or a secret key that gpg exported, armoured or not.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="passphrase">The passphrase; null where none is known.</param>
    /// <param name="options">What time it is: an expired key signs nothing.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OciException">
    /// It is none that signs (<see cref="OciErrorKind.SigningKeyInvalid"/>), or the passphrase doesn't open it (<see cref="OciErrorKind.PassphraseWrong"/>).
    /// </exception>
    public static OciSigner Open(string path, string? passphrase, EngineOptions options) => SignerFile.Open(path, passphrase, options.Time.GetUtcNow());

    /// <summary>A key of the user's gpg, with its agent or smart card.</summary>
    /// <param name="key">Its fingerprint, its number, or a part of its name that no other has.</param>
    /// <param name="passphrase">The passphrase; null where gpg knows it, or asks for it itself.</param>
    /// <param name="options">Where gpg is found.</param>
    /// <param name="cancellationToken">Ends gpg.</param>
    /// <exception cref="OciException">There is no gpg, or it has no such key, or several: <see cref="OciErrorKind.SigningKeyInvalid"/>.</exception>
    public static Task<OciSigner> FindAsync(string key, string? passphrase, EngineOptions options, CancellationToken cancellationToken) =>
        GpgKeySigner.FindAsync(key, passphrase, options, cancellationToken);

    /// <summary>The same key, signing in another form; a key of OpenPGP knows one alone.</summary>
    /// <exception cref="OciException">It can't sign so: <see cref="OciErrorKind.ChoiceInvalid"/>.</exception>
    internal abstract OciSigner With(SignatureFormat format);

    /// <summary>Whether a signature is a good one of this key.</summary>
    /// <param name="signature">What lies beside the manifest.</param>
    /// <param name="manifest">The manifest that it has to be of.</param>
    /// <param name="identity">The name that it has to be for; null where the form has none.</param>
    /// <param name="now">The time.</param>
    internal abstract bool HasMade(FoundSignature signature, Digest manifest, string? identity, DateTimeOffset now);

    /// <inheritdoc/>
    public override string ToString() => Name;

    // A statement on this manifest under this name; the time in it may be any.
    private protected static bool Says(byte[] payload, SignatureKind kind, Digest manifest, string? identity) =>
        SignedPayload.Read(payload, kind, out _) is { } said && said.Digest == manifest && said.DockerReference == identity;
}
