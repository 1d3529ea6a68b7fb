using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.MirrorFiles;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Commands;

/// <content>How machines reach the mirror, and which image is where.</content>
public sealed partial class ExportOciMirrorConfigCommand
{
    private readonly List<MirrorRoute> _routes = [];
    private MirrorOptions _options = new();

    /// <summary>Where machines reach the mirror, [http://]host[:port]; by default the host that images were copied to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MirrorAddress { get; set; }

    /// <summary>What the mirror lacks is not asked of its own registry.</summary>
    [Parameter]
    public SwitchParameter NoFallback { get; set; }

    /// <summary>The file of the mirror's CA, as it is called on the machines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MirrorCertificatePath { get; set; }

    /// <summary>The mirror's login; the file says where its secret goes.</summary>
    [Parameter]
    [Login]
    public PSCredential? MirrorCredential { get; set; }

    /// <summary>Writes the secret of the login into the file, which is for its owner alone then.</summary>
    [Parameter]
    public SwitchParameter IncludeSecret { get; set; }

    private void ReadOptions()
    {
        try
        {
            _options = new MirrorOptions
            {
                NoFallback = NoFallback,
                Address = MirrorAddress is null ? null : MirrorHost.Parse(MirrorAddress),
                IsPlainHttp = PlainHosts.Of(RunspaceState.Current.Sessions),
                CertificatePath = MirrorCertificatePath,
                Credential = MirrorCredential is null ? null : Credentials.From(MirrorCredential),
                IncludeSecret = IncludeSecret,
            };
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, MirrorAddress));
        }
    }

    private void Add(string source, IReadOnlyList<SyncPlace> places)
    {
        try
        {
            if (places.Count == 0)
            {
                throw new OciException(
                    OciErrorKind.ReferenceInvalid, $"'{source}' has no destination: pipe rows of Sync-OciImage in, or give the mirror with -Destination.");
            }

            var image = ImageLocation.Parse(source).Image ?? throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"'{source}' is no image of a registry, and no machine asks for it. Take the rows of the run that read it there.");
            image = image.WithDefaultTag();
            foreach (var place in places)
            {
                _routes.Add(new MirrorRoute(image, NameAtMirror(place.Name(image))));
            }
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            _hasFailed = true;
            WriteError(ErrorRecords.Create(e, source));
        }
    }

    // A folder is a mirror when a server gives it away, under the names that it has for its images.
    private ImageReference NameAtMirror(ImageLocation place) => place.Image ?? (_options.Address is not null && place.Name is not null
        ? FolderName.NameOf(place)
        : throw new OciException(
            OciErrorKind.ReferenceInvalid,
            $"'{place}' is no registry. Say where a server gives it away: -MirrorAddress http://registry.corp.local:5000."));

    private void WarnOfThisMachine()
    {
        if (MirrorAddress is null && _routes.Select(r => r.Mirror.Registry).FirstOrDefault(PlainHosts.IsLoopback) is { } host)
        {
            WriteWarning($"'{host}' is the mirror for this machine alone, and is taken to speak {(_options.IsPlainHttp(host) ? "http" : "https")}; "
                + "where others reach it is said with -MirrorAddress.");
        }
    }
}
