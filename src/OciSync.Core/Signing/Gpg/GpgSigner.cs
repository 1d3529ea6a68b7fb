using System.ComponentModel;
using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Machine;
using OciSync.Core.Signing.OpenPgp;

namespace OciSync.Core.Signing.Gpg;

/// <summary>
/// Signs with the user's own gpg: its keyring, its agent, a smart card. gpg asks for the passphrase itself where it can, or is given it; on no
/// command line.
/// </summary>
/// <param name="environment">Where gpg is found.</param>
/// <param name="limit">How long it may take; somebody may have to type a passphrase or to touch a card.</param>
internal sealed class GpgSigner(UserEnvironment environment, TimeSpan limit)
{
    private const string Program = "gpg";
    private const string MessageBlock = "MESSAGE";
    private const string Status = "[GNUPG:] ";

    // Codes of libgpg-error; the source stands in the higher bits.
    private const int BadPassphrase = 11;
    private const int NoPinentry = 86;

    /// <summary>Signs: a message with the content and one signature, as gpg makes it for skopeo.</summary>
    /// <param name="content">What is signed.</param>
    /// <param name="key">The fingerprint of the key, its number, or a part of its name.</param>
    /// <param name="passphrase">The passphrase; null when gpg has to know or ask.</param>
    /// <param name="cancellationToken">Ends gpg.</param>
    /// <exception cref="SigningKeyException">gpg is missing, or doesn't sign.</exception>
    internal async Task<byte[]> SignAsync(string content, string key, string? passphrase, CancellationToken cancellationToken)
    {
        var program = FindProgram(key);
        var input = passphrase is null ? content : passphrase + "\n" + content;
        var answer = await RunAsync(program, Arguments(key, passphrase is not null), input, cancellationToken).ConfigureAwait(false);
        var said = answer.Output.Split('\n')
            .Where(l => l.StartsWith(Status, StringComparison.Ordinal)).Select(l => l.Substring(Status.Length).Trim()).ToList();
        return answer.ExitCode == 0 ? Check(ReadMessage(answer.Output), content) : throw Explain(said, key, answer.ExitCode);
    }

    /// <summary>Looks up a secret key that gpg has. Nothing is signed, and no passphrase asked for.</summary>
    /// <param name="key">The fingerprint of the key, its number, or a part of its name.</param>
    /// <param name="cancellationToken">Ends gpg.</param>
    /// <exception cref="SigningKeyException">gpg is missing, or has no such key, or several.</exception>
    internal async Task<GpgKey> FindKeyAsync(string key, CancellationToken cancellationToken)
    {
        var program = FindProgram(key);
        var list = await RunAsync(program, $"--batch --no-tty --with-colons --list-secret-keys \"{key}\"", string.Empty, cancellationToken)
            .ConfigureAwait(false);

        // GnuPG's doc/DETAILS, "Format of the colon listings": the first fpr after each sec is the primary key's, in the tenth field.
        var lines = list.Output.Split('\n').Select(l => l.Split(':')).ToList();
        var found = lines.Select((line, i) => line[0] == "sec" ? lines.Skip(i).FirstOrDefault(l => l[0] == "fpr" && l.Length > 9)?[9] : null)
            .OfType<string>().ToList();
        if (found.Count != 1)
        {
            throw Fault(found.Count == 0 ? NoKey(key) : $"gpg has {found.Count} secret keys of this name: take a fingerprint, of {string.Join(", ", found)}");
        }

        var export = await RunAsync(
            program, $"--batch --no-tty --armor --export-options export-minimal --export {found[0]}", string.Empty, cancellationToken).ConfigureAwait(false);
        return export.ExitCode == 0
            ? new GpgKey(found[0], Encoding.ASCII.GetBytes(export.Output))
            : throw Fault($"gpg doesn't export the public key {found[0]}, and ended with {export.ExitCode}");
    }

    private string FindProgram(string key) => !IsKeyName(key)
        ? throw Fault("a key is named by its fingerprint, or by letters, digits and @ . _ + - of its name")
        : HelperProgram.Find(Program, environment) ?? throw new SigningKeyException(
            SigningKeyFault.GpgMissing,
            "gpg is not installed, or not on the PATH (Debian: apt-get install gpg; Windows: Gpg4win; macOS: brew install gnupg)");

    private static string NoKey(string key) => $"gpg has no secret key '{key}' that can sign (gpg --list-secret-keys shows those it has)";

    private static string Arguments(string key, bool hasPassphrase) =>
        (hasPassphrase ? "--pinentry-mode loopback --passphrase-fd 0 " : string.Empty)
        + $"--batch --no-tty --yes --status-fd 1 --armor --local-user \"{key}\" --output - --sign";

    // Such a name means nothing to whatever takes a command line apart.
    private static bool IsKeyName(string key) => key.Length is > 0 and <= 200 && key[0] != '-'
        && key.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '@' or '.' or '_' or '+' or '-' or ' ');

    private async Task<HelperAnswer> RunAsync(string program, string arguments, string input, CancellationToken cancellationToken)
    {
        try
        {
            return await HelperProgram.RunAsync(program, arguments, input, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw Fault($"gpg gave no answer within {limit.TotalSeconds:0} s and was ended; perhaps it asks for a passphrase where nobody sees it", e);
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException or InvalidDataException)
        {
            throw Fault($"gpg could not be used: {e.Message}", e);
        }
    }

    // GnuPG's doc/DETAILS, "Format of the --status-fd output": these words are the same in every language.
    private static SigningKeyException Explain(List<string> said, string key, int exitCode)
    {
        bool Says(string word) => said.Exists(l => l.StartsWith(word, StringComparison.Ordinal));
        var failures = said.FindAll(l => l.StartsWith("FAILURE", StringComparison.Ordinal));
        bool Fails(int code) => failures.Exists(f => IsCode(f, code));
        return Says("INV_SGNR") || Says("NO_SECKEY") ? Fault(NoKey(key))
            : Says("BAD_PASSPHRASE") || Fails(BadPassphrase)
                ? new SigningKeyException(SigningKeyFault.PassphraseWrong, $"the passphrase is not the one of gpg's key '{key}'")
            : Fails(NoPinentry)
                ? new SigningKeyException(SigningKeyFault.PassphraseMissing, $"gpg can't ask for the passphrase of '{key}' here, and none was given")
            : Fault($"gpg didn't sign with '{key}', and ended with {exitCode} ({string.Join("; ", failures)})");
    }

    // The last word of "FAILURE sign 67108875".
    private static bool IsCode(string failure, int code) =>
        long.TryParse(failure.Split(' ')[failure.Split(' ').Length - 1], out var number) && (number & 0xFFFF) == code;

    private static byte[] ReadMessage(string output)
    {
        try
        {
            return Armor.Read(Encoding.ASCII.GetBytes(output), MessageBlock);
        }
        catch (FormatException e)
        {
            throw Fault($"what gpg wrote is no message: {e.Message}", e);
        }
    }

    // A configuration of gpg's may make something that nobody takes for a signature: SHA-1, say, or an old version.
    private static byte[] Check(byte[] message, string content) => OpenPgpVerifier.FindFormFault(message, Encoding.UTF8.GetBytes(content)) is { } fault
        ? throw Fault($"what gpg made is no signature that counts: {fault}")
        : message;

    private static SigningKeyException Fault(string message, Exception? inner = null) => new(SigningKeyFault.Unusable, message, inner);
}
