using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Gpg;
using OciSync.Core.Signing.OpenPgp;

namespace OciSync.Core.Signing.Signers;

/// <summary>A key that the user's gpg has, in its keyring or on a smart card.</summary>
internal sealed class GpgKeySigner : OpenPgpSigner
{
    // Somebody may have to find the card first.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly GpgSigner _gpg;
    private readonly string _key;
    private readonly string? _passphrase;
    private readonly byte[] _public;

    // One pinentry after the other.
    private readonly Turns<string> _turns = new();

    private GpgKeySigner(GpgSigner gpg, string key, string? passphrase, GpgKey found)
        : base(found.Fingerprint)
    {
        _gpg = gpg;
        _key = key;
        _passphrase = passphrase;
        _public = found.PublicKey;
    }

    internal static new async Task<OciSigner> FindAsync(string key, string? passphrase, EngineOptions options, CancellationToken cancellationToken)
    {
        var gpg = new GpgSigner(options.Environment, Limit);
        try
        {
            return new GpgKeySigner(gpg, key, passphrase, await gpg.FindKeyAsync(key, cancellationToken).ConfigureAwait(false));
        }
        catch (SigningKeyException e)
        {
            throw Fail($"The key '{Text.Printable.Text(key)}' of gpg", e);
        }
    }

    internal override async Task<byte[]> SignAsync(byte[] payload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        byte[] message = [];
        try
        {
            await _turns.RunAsync(
                _key,
                async () => message = await _gpg.SignAsync(Encoding.UTF8.GetString(payload), _key, _passphrase, cancellationToken).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            return message;
        }
        catch (SigningKeyException e)
        {
            throw Fail($"The key '{Text.Printable.Text(_key)}' of gpg", e);
        }
    }

    internal override bool HasMade(FoundSignature signature, Digest manifest, string? identity, DateTimeOffset now) =>
        signature.Kind == SignatureKind.OpenPgp
        && OpenPgpVerifier.Check(signature.Content, [_public], now).Payload is { } payload
        && Says(payload, SignatureKind.OpenPgp, manifest, identity);
}
