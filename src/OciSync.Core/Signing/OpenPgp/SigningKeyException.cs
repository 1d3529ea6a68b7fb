namespace OciSync.Core.Signing.OpenPgp;

/// <summary>A secret key that can't sign. The message says why; it holds nothing of the key or its passphrase.</summary>
internal sealed class SigningKeyException(SigningKeyFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What would help.</summary>
    internal SigningKeyFault Fault { get; } = fault;
}
