namespace OciSync.Core.Signing.Keys;

/// <summary>A passphrase doesn't open a key file: it is another one, or the file was changed.</summary>
internal sealed class PassphraseException() : Exception("The passphrase does not open the key file, or the file was changed.");
