using System.Management.Automation;
using System.Security;
using OciSync.Core;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <summary>Logs in to a registry, or says how it is reached, for the rest of the session.</summary>
[Cmdlet(VerbsCommunications.Connect, "OciRegistry")]
[OutputType(typeof(OciRegistryConnection))]
public sealed class ConnectOciRegistryCommand : OciCmdlet
{
    /// <summary>The registry: host, or host:port.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string Registry { get; set; } = string.Empty;

    /// <summary>The login. Without one only the connection settings are kept.</summary>
    [Parameter(Position = 1)]
    [Credential]
    public PSCredential? Credential { get; set; }

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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var host = OciEngine.ResolveHost(Registry, CreateOptions());
            var settings = ReadSettings();
            var credential = Credential is null ? null : Credentials.From(Credential);
            Run((writer, token) => ConnectAsync(host, settings, credential, writer, token));
        }
        catch (OciException e)
        {
            WriteError(ErrorRecords.Create(e, Registry));
        }
    }

    private ConnectionSettings ReadSettings() => new()
    {
        PlainHttp = PlainHttp,
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

    private string? FullPath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);

    // What was typed isn't shown: it may hold a password.
    private static Uri CheckProxy(Uri proxy) => proxy.IsAbsoluteUri && proxy.Host.Length > 0
        ? proxy
        : throw new OciException(OciErrorKind.ConfigurationInvalid, "-Proxy is not the URL of a proxy; it is written as http://host:port.");

    // Checked with settings of its own; the session learns them only when they work.
    private async Task ConnectAsync(
        string host, ConnectionSettings settings, RegistryCredential? credential, PipelineWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            var trial = new RegistrySessions();
            trial.Set(host, settings, credential);
            using var engine = new OciEngine(
                CreateOptions(), TellDecisions(writer), trial, new Dictionary<string, RegistryCredential>(), cancellationToken);
            await CheckAsync(engine, credential is null, cancellationToken).ConfigureAwait(false);
            Sessions.Set(host, settings, credential);
            await writer.WriteObjectAsync(new OciRegistryConnection(Registry, credential?.ToString(), settings)).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            await writer.WriteErrorAsync(ErrorRecords.Create(e, Registry)).ConfigureAwait(false);
        }
    }

    private async Task CheckAsync(OciEngine engine, bool isAnonymous, CancellationToken cancellationToken)
    {
        try
        {
            await engine.CheckLoginAsync(Registry, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (isAnonymous && e.Kind == OciErrorKind.Unauthorized)
        {
            // It answers, and wants a login for what comes: the settings are right.
        }
    }
}
