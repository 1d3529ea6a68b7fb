using System.Text;
using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Machine;
using OciSync.Core.Text;

namespace OciSync.Core.AuthFiles;

/// <summary>
/// The protocol of docker-credential-helpers: <c>get</c>, <c>store</c>, <c>erase</c> and <c>list</c>, everything else on standard input and
/// output. A secret is on no command line and in no message.
/// </summary>
internal sealed class CredentialHelper(HelperUse helper, UserEnvironment environment, TimeSpan limit)
{
    private const string TokenUser = "<token>";

    internal async Task<RegistryCredential?> GetAsync(string server, CancellationToken cancellationToken)
    {
        var answer = await RunAsync("get", server, cancellationToken).ConfigureAwait(false);
        if (answer.ExitCode != 0)
        {
            return IsNotFound(answer) ? null : throw Refuse("get", answer, null);
        }

        var (user, secret) = ReadCredential(answer.Output);
        return secret.Length == 0 && user.Length == 0 ? null
            : user == TokenUser ? RegistryCredential.FromIdentityToken(secret)
            : RegistryCredential.FromPassword(user, secret);
    }

    internal async Task StoreAsync(string server, RegistryCredential credential, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("ServerURL", server);
            writer.WriteString("Username", credential.IsIdentityToken ? TokenUser : credential.Username);
            writer.WriteString("Secret", credential.Secret);
            writer.WriteEndObject();
        }

        var answer = await RunAsync("store", Encoding.UTF8.GetString(text.ToArray()), cancellationToken).ConfigureAwait(false);
        if (answer.ExitCode != 0)
        {
            throw Refuse("store", answer, credential.Secret);
        }
    }

    /// <summary>Removes a login; false when there was none.</summary>
    internal async Task<bool> EraseAsync(string server, CancellationToken cancellationToken)
    {
        var answer = await RunAsync("erase", server, cancellationToken).ConfigureAwait(false);
        return answer.ExitCode == 0 || (IsNotFound(answer) ? false : throw Refuse("erase", answer, null));
    }

    /// <summary>The servers it has logins for, with their users; empty when it can't say.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> TryListAsync(CancellationToken cancellationToken)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var answer = await RunAsync("list", string.Empty, cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(answer.ExitCode == 0 ? answer.Output : "{}");
            foreach (var entry in document.RootElement.EnumerateObject().Where(e => e.Value.ValueKind == JsonValueKind.String))
            {
                users[entry.Name] = entry.Value.GetString()!;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Some helpers know no list: then only the registry itself is asked for.
        }

        return users;
    }

    private async Task<HelperAnswer> RunAsync(string action, string input, CancellationToken cancellationToken)
    {
        if (!HelperProgram.IsName(helper.Name))
        {
            throw Fault($"'{Printable.Text(helper.Name)}' is not the name of a helper: letters, digits, '.', '_' and '-' only");
        }

        var program = HelperProgram.Find(helper.Program, environment) ?? throw Fault("it is not installed, or not on the PATH");
        try
        {
            return await HelperProgram.RunAsync(program, action, input, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Fault($"'{action}' gave no answer within {limit.TotalSeconds:0.#} s and was ended");
        }
        catch (InvalidDataException)
        {
            throw Fault($"'{action}' answered with more than {HelperProgram.MaxOutput / 1024} KiB and was ended");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            throw Fault("it could not be started: " + e.Message, e);
        }
    }

    private (string User, string Secret) ReadCredential(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            return (Text(document.RootElement, "Username"), Text(document.RootElement, "Secret"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What it wrote may hold the secret: neither it nor the reader's message is shown.
            throw Fault("'get' answered with something that is no credential");
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString()! : string.Empty;

    private static bool IsNotFound(HelperAnswer answer)
    {
        var lower = answer.Output.ToLowerInvariant();
        return lower.Contains("credentials not found");
    }

    private OciException Refuse(string action, HelperAnswer answer, string? secret)
    {
        var said = answer.Output.Trim().Split('\n')[0].Trim();
        if (secret is { Length: > 0 })
        {
            said = said.Replace(secret, "***");
        }

        said = Printable.Text(said.Length > 200 ? said.Substring(0, 200) + "…" : said);
        var lower = said.ToLowerInvariant();
        if (lower.Contains("logon session does not exist"))
        {
            return Fault(
                "Windows keeps no credentials for a logon without a session, as Task Scheduler and services have. "
                + "Keep the login in a file for such runs: Connect-OciRegistry … -Save -AuthFilePath <file> once, then -AuthFilePath <file>");
        }

        return Fault(said.Length == 0 ? $"'{action}' failed with exit code {answer.ExitCode}" : $"'{action}' failed with exit code {answer.ExitCode}: {said}");
    }

    private OciException Fault(string what, Exception? inner = null) => new(
        OciErrorKind.ConfigurationInvalid, $"The credential helper '{Printable.Text(helper.Program)}' ({helper.Key} of '{helper.File}'): {what}.", inner);
}
