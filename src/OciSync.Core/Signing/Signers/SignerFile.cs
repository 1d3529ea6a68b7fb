using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Signing.Keys;
using OciSync.Core.Signing.OpenPgp;

namespace OciSync.Core.Signing.Signers;

/// <summary>Opens files of private keys; what is in one says of which kind it is.</summary>
internal static class SignerFile
{
    /// <summary>How a passphrase is given, as a sentence.</summary>
    internal const string PassphraseWays = "Give its passphrase with -Passphrase or -PassphrasePath, or in the variable COSIGN_PASSWORD.";

    private const int MaxLength = 1024 * 1024;
    private const string PgpBegin = "-----BEGIN PGP ";

    internal static OciSigner Open(string path, string? passphrase, DateTimeOffset now)
    {
        var content = Read(path);
        if (IsOpenPgp(content))
        {
            try
            {
                return new OpenPgpFileSigner(path, OpenPgpSigningKey.Open(content, passphrase, now));
            }
            catch (SigningKeyException e)
            {
                throw OpenPgpSigner.Fail($"The key file '{path}'", e);
            }
        }

        try
        {
            return new SigstoreSigner(SigningKeyFile.Open(Encoding.ASCII.GetString(content), Encoding.UTF8.GetBytes(passphrase ?? string.Empty)));
        }
        catch (FormatException e)
        {
            throw new OciException(
                OciErrorKind.SigningKeyInvalid,
                $"'{path}' is no key file that signs: {e.Message}. New-OciSigningKey, cosign and skopeo make one; "
                    + "gpg --armor --export-secret-keys NAME another.",
                e);
        }
        catch (PassphraseException e)
        {
            throw new OciException(
                OciErrorKind.PassphraseWrong,
                passphrase is null
                    ? $"The key file '{path}' is protected by a passphrase, and none was given. {PassphraseWays}"
                    : $"The passphrase does not open the key file '{path}', or the file was changed.",
                e);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return !File.Exists(path) ? throw new FileNotFoundException($"There is no key file '{path}'.", path)
                : new FileInfo(path).Length <= MaxLength ? File.ReadAllBytes(path)
                : throw new OciException(OciErrorKind.SigningKeyInvalid, $"'{path}' is no key file that signs: it is longer than {MaxLength / 1024} KiB.");
        }
        catch (Exception e) when (e is (IOException and not FileNotFoundException) or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.SigningKeyInvalid, $"The key file '{path}' can't be read: {e.Message}", e);
        }
    }

    // Each packet begins so (RFC 9580, 4.2); or it is armoured.
    private static bool IsOpenPgp(byte[] content) =>
        content.Length > 0 && ((content[0] & 0x80) != 0 || Encoding.ASCII.GetString(content).Contains(PgpBegin));
}
