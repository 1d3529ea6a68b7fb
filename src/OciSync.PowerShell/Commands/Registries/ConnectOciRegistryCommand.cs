using System.Management.Automation;
using System.Security;
using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>Logs in to a registry, or says how it is reached, for the rest of the session; with -Save for later sessions too.</summary>
[Cmdlet(VerbsCommunications.Connect, "OciRegistry", HelpUri = HelpPages.Folder + "Connect-OciRegistry.md")]
[OutputType(typeof(OciRegistryConnection))]
public sealed class ConnectOciRegistryCommand : OciCmdlet
{
    /// <summary>The registry: host, or host:port; with a namespace (quay.io/team) the login is for that.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string Registry { get; set; } = string.Empty;

    /// <summary>The login, or several that are used in turn. Without one only the connection settings are kept.</summary>
    [Parameter(Position = 1)]
    [Login(Several = true)]
    public PSCredential[] Credential { get; set; } = [];

    /// <summary>A bearer token that the registry itself takes; at ghcr.io a token of GitHub. Text or a SecureString.</summary>
    [Parameter]
    [TokenText]
    [Alias("RegistryToken")]
    public SecureString? Token { get; set; }

    /// <summary>An access token of Azure for one of its registries, as Get-AzAccessToken gives it. Text or a SecureString.</summary>
    [Parameter]
    [TokenText]
    public SecureString? AzureAccessToken { get; set; }

    /// <summary>Stores the login for later sessions, where docker stores it.</summary>
    [Parameter]
    public SwitchParameter Save { get; set; }

    /// <summary>The registry speaks http.</summary>
    [Parameter]
    public SwitchParameter PlainHttp { get; set; }

    /// <summary>Any certificate is accepted. For test registries.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>A file with further trusted CA certificates (PEM or DER).</summary>
    [Parameter]
    public string? CertificatePath { get; set; }

    /// <summary>A folder with CA certificates (*.crt) and a client certificate (*.cert with *.key), in place of certs.d.</summary>
    [Parameter]
    [Alias("CertDir")]
    public string? CertificateDirectory { get; set; }

    /// <summary>The client certificate: a PFX file, or a PEM file.</summary>
    [Parameter]
    public string? ClientCertificatePath { get; set; }

    /// <summary>The key of the client certificate, a PEM file.</summary>
    [Parameter]
    public string? ClientKeyPath { get; set; }

    /// <summary>The password of the PFX file.</summary>
    [Parameter]
    public SecureString? ClientCertificatePassword { get; set; }

    /// <summary>The client certificate in the Windows certificate store.</summary>
    [Parameter]
    public string? ClientCertificateThumbprint { get; set; }

    /// <summary>The proxy before the registry, http://host:port.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>The login at the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>The current user is who we are at the proxy.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    private const string GitHub = "ghcr.io";

    private protected override bool MakesAuthFile => Save;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var key = OciEngine.ResolveKey(Registry, CreateOptions());
            var settings = ReadSettings();
            var logins = ReadLogins();
            Run((writer, token) => ConnectAsync(key, settings, logins, writer, token));
        }
        catch (OciException e)
        {
            WriteError(ErrorRecords.Create(e, Registry));
        }
    }

    private List<RegistryCredential> ReadLogins()
    {
        if (AzureAccessToken is not null)
        {
            return [ReadAzure()];
        }

        if (Token is not null && Credential.Length == 0 && string.Equals(Registry.Trim().Split('/')[0], GitHub, StringComparison.OrdinalIgnoreCase))
        {
            // A token of GitHub's is a password there, of whatever user.
            return [RegistryCredential.FromPassword("token", Credentials.Read(Token))];
        }

        if (Token is not null)
        {
            return [Credentials.Choose(this, Credential.FirstOrDefault(), Token, anonymous: false)!];
        }

        if (Save && Credential.Length != 1)
        {
            var failure = new PSArgumentException("-Save stores one login for a registry: give it with -Credential.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciCredentialAmbiguous", ErrorCategory.InvalidArgument, Registry));
        }

        return Credential.Select(Credentials.From).ToList();
    }

    private RegistryCredential ReadAzure()
    {
        if (Token is not null || Credential.Length > 0 || Save)
        {
            var failure = new PSArgumentException(
                "-AzureAccessToken goes neither with -Credential and -Token nor with -Save: it ends within hours, and there is nothing to be stored.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciCredentialAmbiguous", ErrorCategory.InvalidArgument, Registry));
        }

        return AzureExchange.IsAzure(Registry.Trim().Split('/')[0])
            ? RegistryCredential.FromAzureToken(Credentials.Read(AzureAccessToken!))
            : throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"'{LoginText.Hide(Registry)}' is none of Azure's registries (name.azurecr.io, .cn, .us): an access token of Azure is sent to those alone.");
    }

    private ConnectionSettings ReadSettings() => new()
    {
        PlainHttp = IsPlainHttp(),
        SkipCertificateCheck = SkipCertificateCheck,
        CertificatePath = FullPath(CertificatePath),
        CertificateDirectory = FullPath(CertificateDirectory),
        ClientCertificatePath = FullPath(ClientCertificatePath),
        ClientKeyPath = FullPath(ClientKeyPath),
        ClientCertificatePassword = ClientCertificatePassword,
        ClientCertificateThumbprint = ClientCertificateThumbprint,
        Proxy = Proxy is null && ProxyCredential is null && !ProxyUseDefaultCredentials ? null : new ProxySettings
        {
            Address = Proxy is null ? null : CheckProxy(Proxy),
            Username = ProxyCredential?.UserName,
            Password = ProxyCredential?.Password,
            UseDefaultCredentials = ProxyUseDefaultCredentials,
        },
    };

    // Who writes http:// before the name says the same as -PlainHttp.
    private bool IsPlainHttp()
    {
        if (PlainHttp && Registry.Trim().StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"'{LoginText.Hide(Registry)}' says https, and -PlainHttp http: give one of them.");
        }

        return PlainHttp || Registry.Trim().StartsWith("http://", StringComparison.OrdinalIgnoreCase);
    }

    // What was typed isn't shown: it may hold a password.
    private static Uri CheckProxy(Uri proxy) => proxy.IsAbsoluteUri && proxy.Host.Length > 0
        ? proxy
        : throw new OciException(OciErrorKind.ConfigurationInvalid, "-Proxy is not the URL of a proxy; it is written as http://host:port.");

    // Checked with settings of its own; the session learns them only when they work.
    private async Task ConnectAsync(
        string key, ConnectionSettings settings, List<RegistryCredential> logins, PipelineWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var login in logins.DefaultIfEmpty())
            {
                await CheckAsync(key, settings, login, writer, cancellationToken).ConfigureAwait(false);
            }

            var place = Save ? await SaveAsync(key, logins[0], writer, cancellationToken).ConfigureAwait(false) : null;
            Sessions.SetSeveral(key, settings, logins, place);
            var users = logins.Count == 0 ? null : string.Join(", ", logins);
            var stored = logins.Count == 0 ? await FindStoredAsync(key, settings, writer, cancellationToken).ConfigureAwait(false) : null;
            await writer.WriteObjectAsync(
                new OciRegistryConnection(key, users ?? stored?.Username, place ?? stored?.Place ?? RegistrySessions.Place, settings, null))
                .ConfigureAwait(false);
        }
        catch (OciException e)
        {
            await writer.WriteErrorAsync(ErrorRecords.Create(e, Registry)).ConfigureAwait(false);
        }
    }

    // Without a login to keep: the one that is used there all the same, or, where nothing at all was given to keep, that there is none.
    private async Task<KnownLogin?> FindStoredAsync(string key, ConnectionSettings settings, PipelineWriter writer, CancellationToken cancellationToken)
    {
        KnownLogin? stored = null;
        try
        {
            stored = await new LoginStore(CreateOptions(), TellDecisions(writer)).FindAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            // The registry answered without it; who needs a login there is told then.
            writer.WriteVerbose(e.Message);
        }

        if (stored is null && settings == ConnectionSettings.Default && Sessions.FindUsers(key) is null)
        {
            writer.WriteWarning(
                $"'{key}' answers, and nobody is logged in there: no login was given, and none is stored. Log in: Connect-OciRegistry {key} -Credential "
                + "(Get-Credential)");
        }

        return stored;
    }

    private async Task<string> SaveAsync(string key, RegistryCredential login, PipelineWriter writer, CancellationToken cancellationToken)
    {
        // The file may be about to be made: that it has to be there is for those who only read.
        var store = new LoginStore(CreateOptions(), TellDecisions(writer));
        var place = await store.SaveAsync(key, login, cancellationToken).ConfigureAwait(false);
        writer.WriteVerbose($"The login of '{login}' at '{key}' was stored in {place}.");
        if (await store.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } used && !used.Place.StartsWith(place, StringComparison.Ordinal))
        {
            writer.WriteWarning($"Another login at '{key}', of '{used.Username}', is in {used.Place} and goes before the one that was stored in {place}.");
        }

        return place;
    }

    private async Task CheckAsync(
        string key, ConnectionSettings settings, RegistryCredential? login, PipelineWriter writer, CancellationToken cancellationToken)
    {
        var trial = new RegistrySessions();
        trial.Set(key, settings, login);
        using var engine = new OciEngine(
            CreateOptions(), TellDecisions(writer), trial, new Dictionary<string, RegistryCredential>(), cancellationToken);
        try
        {
            await engine.CheckLoginAsync(Registry, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (login is null && e.Kind == OciErrorKind.Unauthorized)
        {
            // It answers, and wants a login for what comes: the settings are right.
        }
    }
}
