using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Signing.Signers;

/// <summary>Who signs images, and under which name.</summary>
public sealed record SigningOptions
{
    /// <summary>Nobody does.</summary>
    public static readonly SigningOptions None = new();

    private SigningOptions()
    {
    }

    /// <summary>The keys that sign; each makes a signature of its own.</summary>
    public IReadOnlyList<OciSigner> Signers { get; private init; } = [];

    /// <summary>The name that is signed; null for the image's own. Without tag and digest it gets those of the image.</summary>
    public ImageReference? Identity { get; private init; }

    /// <summary>What an entry said of it, for rows; null where none did.</summary>
    public EntrySigning? Entry { get; init; }

    /// <summary>Whether anybody signs.</summary>
    public bool IsWanted => Signers.Count > 0;

    /// <summary>Puts together who signs.</summary>
    /// <param name="signers">The keys; one that is given twice, perhaps as a file and in gpg, signs once.</param>
    /// <param name="format">In which form those of sigstore sign; null for attachments. Keys of OpenPGP sign messages of OpenPGP.</param>
    /// <param name="identity">The name that is signed, with the registry's; null for the image's own.</param>
    /// <exception cref="OciException">
    /// No key can sign in this form (<see cref="OciErrorKind.ChoiceInvalid"/>), or the name is none (<see cref="OciErrorKind.ReferenceInvalid"/>).
    /// </exception>
    public static SigningOptions Of(IReadOnlyList<OciSigner> signers, SignatureFormat? format, string? identity)
    {
        if (format is { } wanted and not SignatureFormat.OpenPgp && signers.Count > 0 && signers.All(s => s.Format == SignatureFormat.OpenPgp))
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid, $"The format {wanted} wants a key of sigstore (New-OciSigningKey makes one); a key of OpenPGP signs as OpenPgp.");
        }

        return new SigningOptions
        {
            Signers = [.. signers.Select(s => format is { } given ? s.With(given) : s).GroupBy(s => (s.Name, s.Format)).Select(g => g.First())],
            Identity = identity is null ? null : ReadIdentity(identity),
        };
    }

    /// <summary>Reads a name that is to be signed.</summary>
    /// <exception cref="OciException">It is none.</exception>
    public static ImageReference ReadIdentity(string text) => FindIdentityFault(text) is { } fault
        ? throw new OciException(OciErrorKind.ReferenceInvalid, $"'{LoginText.Hide(text)}' can't be the name that is signed: {fault}.")
        : ImageReference.Parse(text);

    /// <summary>What is wrong with a name that is to be signed, as a sentence without its end; null when nothing is.</summary>
    internal static string? FindIdentityFault(string text) => !ImageReference.TryParse(text, out var name, out var fault) ? fault
        : name!.Tag is not null && name.Digest is not null ? "it has a tag and a digest, and signatures are for one of both" : null;
}
