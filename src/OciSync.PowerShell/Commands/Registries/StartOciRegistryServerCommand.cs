using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.AuthFiles;
using OciSync.Core.Certificates;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Serving;
using OciSync.Core.Sights;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>Serves a folder of images, or an archive, as a registry that is read: in place, without an import.</summary>
[Cmdlet(VerbsLifecycle.Start, "OciRegistryServer", DefaultParameterSetName = Plain, HelpUri = HelpPages.Folder + "Start-OciRegistryServer.md")]
[OutputType(typeof(OciRegistryServer))]
public sealed partial class StartOciRegistryServerCommand : OciCmdlet
{
    private const string Plain = "Plain";
    private const string File = "CertificateFile";
    private const string Object = "Certificate";

    // How long answers that are being sent may take to end when -Wait is interrupted; the pipeline leaves within a second.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>An OCI layout, a folder of one image (dir:), an unpacked archive, or a folder with such in it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The port; 0 for any free one.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int Port { get; set; } = 5000;

    /// <summary>The address of this machine that is listened on: localhost, an address, or * for all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Address { get; set; } = "localhost";

    /// <summary>The certificate for https, with its key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Object)]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The file of the certificate for https: PFX, or PEM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = File)]
    [ValidateNotNullOrEmpty]
    public string? CertificatePath { get; set; }

    /// <summary>The key of the certificate, a PEM file.</summary>
    [Parameter(ParameterSetName = File)]
    [ValidateNotNullOrEmpty]
    public string? CertificateKeyPath { get; set; }

    /// <summary>The password of the PFX file.</summary>
    [Parameter(ParameterSetName = File)]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>Logins of which a client needs one.</summary>
    [Parameter]
    [Credential]
    public PSCredential[] ClientCredential { get; set; } = [];

    /// <summary>Everyone in the network may read, without https and without a login.</summary>
    [Parameter]
    public SwitchParameter AllowAnonymous { get; set; }

    /// <summary>Further names under which clients may ask; wildcards as well.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] HostName { get; set; } = [];

    /// <summary>How many connections there may be at once.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int MaximumConnection { get; set; } = 1000;

    /// <summary>Registries, or namespaces of registries, from which is fetched what isn't in the folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Upstream { get; set; } = [];

    /// <summary>How long a tag is answered from the folder before it is asked for upstream again: 30m, 12h, 1d; 0 asks each time.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string TagLifetime { get; set; } = "1h";

    /// <summary>The bytes that the blobs of the folder may have together; beyond them fetched images go, those asked for longest ago first.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long MaximumSize { get; set; }

    /// <summary>The bytes of the disk that stay free: what would take of them is not fetched.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long MinimumFreeSpace { get; set; } = 1L << 30;

    /// <summary>Stays until Ctrl+C, and stops the server then.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var settings = WithChoice(ReadSettings());
            WarnOfPlainLogin(settings);
            Run((writer, token) => StartAsync(settings, writer, token));
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, Path));
        }
    }

    /// <inheritdoc/>
    protected override ErrorRecord? ToErrorRecord(Exception exception) =>
        exception is OciException ? ErrorRecords.Create(exception, Path) : base.ToErrorRecord(exception);

    private RegistryServerSettings ReadSettings() => new()
    {
        Path = FullPath(Path)!,
        Address = ReadAddress(),
        Port = Port,
        Certificate = ReadCertificate(),
        ClientLogins = ClientCredential
            .Select(c => new KeyValuePair<string, string>(c.UserName.TrimStart('\\'), c.GetNetworkCredential().Password)).ToList(),
        AllowAnonymous = AllowAnonymous,
        HostNames = HostName,
        MaxConnections = MaximumConnection,
        Upstream = Upstream.SelectMany(u => u.Split([','], StringSplitOptions.RemoveEmptyEntries)).ToList(),
        MaximumSize = MaximumSize > 0 ? MaximumSize : null,
        MinimumFreeSpace = MinimumFreeSpace,
        TagLifetime = AgeText.Parse(TagLifetime),
    };

    private IPAddress ReadAddress()
    {
        if (Address == "*")
        {
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        return string.Equals(Address, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(Address.Trim('[', ']'), out var address) ? address
            : throw new OciException(
                OciErrorKind.ListenRefused, $"'{Address}' is no address of this machine: give an IP address, localhost, or * for all. -HostName is for names.");
    }

    private X509Certificate2? ReadCertificate()
    {
        if (CertificatePath is { } path)
        {
            var password = CertificatePassword is null ? null : new NetworkCredential(string.Empty, CertificatePassword).Password;
            return ServerCertificate.Read(FullPath(path)!, FullPath(CertificateKeyPath), password);
        }

        return Certificate is null or { HasPrivateKey: true }
            ? Certificate
            : throw new OciException(OciErrorKind.ConfigurationInvalid, $"The certificate '{Certificate.Subject}' has no private key, which a server needs.");
    }

    private void WarnOfPlainLogin(RegistryServerSettings settings)
    {
        if (ClientCredential.Length > 0 && settings.Certificate is null && !IPAddress.IsLoopback(settings.Address))
        {
            WriteWarning("Clients send their login over plain http, where others in the network can read it. Give a -Certificate.");
        }
    }

    // Who need not log in doesn't spend our logins, but for what a sync file chooses.
    private protected override bool IsAnonymous => ClientCredential.Length == 0 && ConfigPath.Length == 0;

    private OciEngine Connect(EngineEvents events) =>
        CreateEngine(events, new Dictionary<string, RegistryCredential>(), _registries, CancellationToken.None);

    private async Task StartAsync(RegistryServerSettings settings, PipelineWriter writer, CancellationToken cancellationToken)
    {
        Action<OciServedRequest> tell = Wait ? entry => writer.WriteVerbose(entry.ToString()) : _ => { };

        // Without -Wait the server outlives the command, and what it says then is in its Messages.
        var events = Wait ? TellDecisions(writer) : new EngineEvents { Decision = writer.WriteVerbose, Warning = writer.WriteWarning };
        var server = await OciRegistryServer.StartAsync(settings, CreateOptions(), events, tell, () => Connect(events), cancellationToken)
            .ConfigureAwait(false);
        State.Servers.Add(server);
        await writer.WriteObjectAsync(server).ConfigureAwait(false);
        if (!Wait)
        {
            return;
        }

        try
        {
            await server.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await server.StopAsync(Patience).ConfigureAwait(false);
        }
    }
}
