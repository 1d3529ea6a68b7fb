using System.Management.Automation;
using System.Net;
using System.Security;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Signing.Signers;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Parameters;

/// <summary>
/// Keys that sign, each opened once for the command, as that takes a while. One that can't sign ends the command before any work.
/// </summary>
/// <param name="cmdlet">The command.</param>
/// <param name="options">What time it is, and where gpg is.</param>
/// <param name="run">Holds the pipeline's thread while gpg is asked.</param>
internal sealed class SigningKeys(PSCmdlet cmdlet, Func<EngineOptions> options, Action<Func<PipelineWriter, CancellationToken, Task>> run)
{
    /// <summary>The variable that cosign reads the passphrase from.</summary>
    internal const string Variable = "COSIGN_PASSWORD";

    private readonly Dictionary<(string Key, bool IsGpg), OciSigner> _open = [];

    /// <summary>Opens keys, and puts together what they sign.</summary>
    /// <param name="asked">Which keys, and how.</param>
    /// <param name="passphrase">The passphrase that was given; null where none was.</param>
    internal SigningOptions Open(EntrySigning asked, SecureString? passphrase)
    {
        try
        {
            // What is wrong with the name is told before a key is opened, or a passphrase asked for.
            _ = asked.Identity is null ? null : SigningOptions.ReadIdentity(asked.Identity);
            var given = FindPassphrase(asked, passphrase);
            var forFiles = given ?? Find(asked.PassphraseVariable ?? Variable);
            return SigningOptions.Of(
                [
                    .. asked.KeyPaths.Select(p => Open((p, false), () => OciSigner.Open(p, forFiles, options()))),
                    .. asked.GpgKeys.Select(k => Open((k, true), () => FindGpg(k, given))),
                ],
                asked.Format,
                asked.Identity);
        }
        catch (FileNotFoundException e)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, e.FileName));
            throw;
        }
        catch (OciException e)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(e, null));
            throw;
        }
    }

    private OciSigner Open((string Key, bool IsGpg) key, Func<OciSigner> open)
    {
        if (!_open.TryGetValue(key, out var signer))
        {
            _open.Add(key, signer = open());
        }

        return signer;
    }

    private OciSigner FindGpg(string key, string? passphrase)
    {
        OciSigner? found = null;
        OciException? failure = null;
        run(async (_, token) =>
        {
            try
            {
                found = await OciSigner.FindAsync(key, passphrase, options(), token).ConfigureAwait(false);
            }
            catch (OciException e)
            {
                failure = e;
            }
        });
        return failure is null ? found! : throw failure;
    }

    // What was said of the passphrase by a parameter or an entry; the variable that everybody may have set is no such word.
    private static string? FindPassphrase(EntrySigning asked, SecureString? passphrase) =>
        asked.PassphrasePath is { } path ? ReadFirstLine(path)
        : asked.PassphraseVariable is { } variable ? Find(variable) ?? throw new OciException(
            OciErrorKind.PassphraseWrong, $"The variable '{variable}' of the environment, which should have the passphrase, is missing or empty.")
        : passphrase is null ? null : new NetworkCredential(string.Empty, passphrase).Password;

    private static string? Find(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static string ReadFirstLine(string path)
    {
        try
        {
            return File.Exists(path)
                ? File.ReadLines(path).FirstOrDefault() ?? string.Empty
                : throw new FileNotFoundException($"There is no file '{path}', whose first line should be the passphrase.", path);
        }
        catch (Exception e) when (e is (IOException and not FileNotFoundException) or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.PassphraseWrong, $"The file of the passphrase '{path}' can't be read: {e.Message}", e);
        }
    }
}
