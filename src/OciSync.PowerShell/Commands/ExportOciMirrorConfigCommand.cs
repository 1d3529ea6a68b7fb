using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.MirrorFiles;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.SyncFiles;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;
using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Commands;

/// <summary>Writes what makes machines pull from a mirror, for containerd, Docker, podman, k3s or OpenShift.</summary>
[Cmdlet(
    VerbsData.Export, "OciMirrorConfig", HelpUri = HelpPages.Folder + "Export-OciMirrorConfig.md",
    DefaultParameterSetName = EntrySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciMirrorFile))]
[SharedParameters(typeof(NamingParameters))]
public sealed partial class ExportOciMirrorConfigCommand : PSCmdlet
{
    private const string SourceSet = "Source";
    private const string ConfigSet = "Config";
    private const string EntrySet = "Entry";

    private readonly List<string> _leftOut = [];
    private readonly List<MirrorRoute> _routes = [];
    private MirrorOptions _options = new();
    private bool _isPlace;
    private bool _hasFailed;

    /// <summary>The folder of a tree (certs.d), or the file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Whose configuration.</summary>
    [Parameter(Mandatory = true)]
    [ValidateSet(
        nameof(MirrorFileFormat.Containerd), nameof(MirrorFileFormat.RegistriesConf), nameof(MirrorFileFormat.K3s), nameof(MirrorFileFormat.Docker),
        nameof(MirrorFileFormat.OpenShift))]
    public string Format { get; set; } = string.Empty;

    /// <summary>Images: rows of a run or of a plan, or names for -Destination.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    [Alias("Reference")]
    [AllowEmptyString]
    public string[] Source { get; set; } = [];

    /// <summary>Sync files: ours, skopeo's, sync-image's.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ConfigSet)]
    [SupportsWildcards]
    public string[] ConfigPath { get; set; } = [];

    /// <summary>Entries of sync files, as Import-OciSyncConfig gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = EntrySet)]
    public OciSyncEntry[] InputObject { get; set; } = [];

    /// <summary>The mirror, host/namespace; of rows from the pipeline the full names.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    [Parameter(ParameterSetName = ConfigSet)]
    [Parameter(ParameterSetName = EntrySet)]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] Destination { get; set; } = [];

    /// <summary>The status of a row; images that are not at the mirror are left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? Status { get; set; }

    public partial DestinationNaming Naming { get; set; }

    /// <summary>Replaces files that are somebody else's and can't take the mirror in.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

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

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _isPlace = Destination.Length > 0;
        ReadOptions();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var places = Lists.Split(Destination).Select(d => CreatePlace(GivenDestination.Read(d))).ToList();
        switch (ParameterSetName)
        {
            case ConfigSet:
                AddFiles(places);
                break;
            case EntrySet:
                InputObject.ToList().ForEach(e => AddEntry(e, places));
                break;
            default:
                Source.ToList().ForEach(s => AddSource(s, places));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_leftOut.Count > 0)
        {
            WriteWarning($"{_leftOut.Count} images are left out, as their rows say that they are not at the mirror: {string.Join(", ", _leftOut.Take(5))}"
                + (_leftOut.Count > 5 ? ", …" : "."));
        }

        if (_hasFailed || _routes.Count == 0)
        {
            WriteWarning(_hasFailed ? $"'{Path}' is not written, as it would not be whole." : $"'{Path}' is not written: there is no image for it.");
            return;
        }

        try
        {
            // The names are those that the parameter is validated against.
            _ = Enum.TryParse<MirrorFileFormat>(Format, ignoreCase: true, out var format);
            Write(MirrorFilePlan.Create(format, FindPath(), _routes, _options, Force));
        }
        catch (OciException e)
        {
            WriteError(ErrorRecords.Create(e, Path));
        }
    }

    // A slash at the end says that it is a folder, which may have to be made.
    private string FindPath()
    {
        var path = new UserPaths(SessionState).Resolve(Path);
        var separator = System.IO.Path.DirectorySeparatorChar;
        var last = Path[Path.Length - 1];
        return last == '/' || last == separator ? path + separator : path;
    }

    private void Write(MirrorFilePlan plan)
    {
        plan.Notes.ToList().ForEach(WriteWarning);
        WarnOfThisMachine();
        foreach (var file in plan.Files)
        {
            if (file.Status != "Unchanged" && ShouldProcess(file.Path, $"Write: {string.Join(", ", file.Source)} from {string.Join(", ", file.Mirror)}"))
            {
                plan.Write(file);
            }

            WriteObject(file);
        }
    }

    private void AddFiles(List<SyncPlace> places)
    {
        foreach (var file in SyncFiles.ReadAll(this, ConfigPath, ThrowTerminatingError))
        {
            file.Warnings.ToList().ForEach(WriteWarning);
            var own = places.Count > 0 ? places : file.Destinations.Select(CreatePlace).ToList();
            file.Entries.ToList().ForEach(e => AddEntry(e, own));
        }
    }

    private void AddEntry(OciSyncEntry entry, IReadOnlyList<SyncPlace> places)
    {
        var own = entry.Destination.Length > 0 ? entry.Destination.Select(d => SyncPlace.Exact(GivenDestination.Read(d))).ToList() : places;
        if (own.Count == 0)
        {
            var failure = new PSArgumentException($"'{entry.Path}' names no destination; give one with -Destination, or under 'destinations' in the file.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciDestinationMissing", ErrorCategory.InvalidArgument, entry));
        }

        // Which tags there are makes no difference to where their repository is.
        var source = entry.Tag.Length > 0 ? entry.ReferenceOf(entry.Tag[0]) : entry.ReferenceOf("latest");
        Add(source, own);
    }

    private void AddSource(string source, IReadOnlyList<SyncPlace> places)
    {
        if (Status is SyncStatus.Failed or SyncStatus.Cancelled)
        {
            _leftOut.Add(source);
        }
        else if (Status is not (SyncStatus.Pruned or SyncStatus.WouldPrune))
        {
            Add(source, places);
        }
    }

    private SyncPlace CreatePlace(SyncDestination destination) =>
        SyncPlace.Below(GivenDestination.Read(destination.Place), destination.Naming ?? Naming, destination.AppendSuffix);

    private SyncPlace CreatePlace(GivenDestination destination) =>
        _isPlace ? SyncPlace.Below(destination, Naming) : SyncPlace.Exact(destination);

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
