using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Filling;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Serving;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.Core.SyncFiles;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Registries;

/// <content>What may be fetched from upstream, and how often it may be asked.</content>
[SharedParameters(typeof(RunParameters))]
[SharedParameters(typeof(PolicyParameters))]
[SharedParameters(typeof(SignaturePlaceParameters))]
public sealed partial class StartOciRegistryServerCommand
{
    private readonly List<SyncRegistry> _registries = [];
    private readonly RequestPaces _paces = new();
    private Rates? _rates;
    private string? _registriesDirectory;
    private string? _statePath;

    /// <summary>Sync files: what they choose, and nothing else, is fetched.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] ConfigPath { get; set; } = [];

    public partial string[] MaximumRequestRate { get; set; }
    public partial string? StatePath { get; set; }
    public partial string? PolicyPath { get; set; }
    public partial string? RegistriesDirectory { get; set; }

    private protected override EngineOptions CreateOptions() => (_rates?.Apply(base.CreateOptions()) ?? base.CreateOptions()) with
    {
        Paces = _paces,
        StatePath = _statePath,
        RegistriesDirectoryPath = _registriesDirectory,
    };

    private RegistryServerSettings WithChoice(RegistryServerSettings settings)
    {
        _rates = Rates.Read(this, MaximumRequestRate);
        _registriesDirectory = FullPath(RegistriesDirectory);
        _statePath = StatePath is { Length: > 0 } path ? FullPath(path) : null;
        if (ConfigPath.Length == 0)
        {
            return PolicyPath is null
                ? settings
                : throw new OciException(OciErrorKind.ChoiceInvalid, "-PolicyPath is for what the sync files of -ConfigPath choose; name one of those too.");
        }

        var entries = ReadEntries();
        var upstream = settings.Upstream.Count > 0 ? settings.Upstream : entries.Select(e => e.Entry.Reference).Distinct().ToList();
        return settings with { Choice = entries, Upstream = upstream };
    }

    private List<FillEntry> ReadEntries()
    {
        var policies = new Policies(this);
        var trust = new TrustOptions { Policy = PolicyPath is null ? policies.FindDefault() : policies.Open(FullPath(PolicyPath)!) };
        var entries = new List<FillEntry>();
        foreach (var file in SyncFiles.ReadAll(this, ConfigPath, ThrowTerminatingError))
        {
            file.Warnings.ToList().ForEach(WriteWarning);
            _registries.AddRange(file.Registries);
            entries.AddRange(file.Entries.Select(e => new FillEntry(e, e.Trust is null ? trust : Require(trust.With(e.Trust, policies.Open), e))));
        }

        return entries.Count > 0 ? entries : throw new OciException(OciErrorKind.ConfigurationInvalid, "The sync files of -ConfigPath choose nothing.");
    }

    private static TrustOptions Require(TrustOptions trust, OciSyncEntry entry) => trust.Policy is not null || trust.Demand == SignatureDemand.AsPolicy
        ? trust
        : throw new OciException(
            OciErrorKind.ConfigurationInvalid,
            $"'{entry.Reference}': signatures are required, and there is no policy that says whose count. {OciPolicy.DescribeAbsence()} Name one with "
                + "'policy' or -PolicyPath.");
}
