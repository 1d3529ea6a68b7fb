using OciSync.Core.Errors;
using OciSync.Core.Signing.OpenPgp;

namespace OciSync.Core.Signing.Signers;

/// <summary>A key of OpenPGP, which signs messages.</summary>
internal abstract class OpenPgpSigner : OciSigner
{
    private protected OpenPgpSigner(string fingerprint)
        : base(fingerprint, SignatureFormat.OpenPgp)
    {
    }

    /// <summary>Signs: the message as it lies beside an image.</summary>
    /// <param name="payload">What is signed.</param>
    /// <param name="now">The time of the signature.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OciException">It can't.</exception>
    internal abstract Task<byte[]> SignAsync(byte[] payload, DateTimeOffset now, CancellationToken cancellationToken);

    internal override OciSigner With(SignatureFormat format) => this;

    /// <summary>Why a key doesn't sign, as a failure users see.</summary>
    /// <param name="subject">What is wrong, such as <c>The key file '/a/b'</c>.</param>
    /// <param name="e">Why.</param>
    internal static OciException Fail(string subject, SigningKeyException e) => e.Fault switch
    {
        SigningKeyFault.PassphraseMissing => new OciException(OciErrorKind.PassphraseWrong, $"{subject}: {e.Message}. {SignerFile.PassphraseWays}", e),
        SigningKeyFault.PassphraseWrong => new OciException(OciErrorKind.PassphraseWrong, $"{subject}: {e.Message}.", e),
        _ => new OciException(OciErrorKind.SigningKeyInvalid, $"{subject} can't sign: {e.Message}.", e),
    };
}
