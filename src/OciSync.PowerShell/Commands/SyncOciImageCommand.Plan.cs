using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Syncing;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Commands;

/// <content>Rows of a plan or of an earlier run as input, and parts of the work.</content>
public partial class SyncOciImageCommand
{
    // One object for each text, so that rows which want the same of a source share its reading.
    private readonly Dictionary<string, RowSelection> _selections = new(StringComparer.Ordinal);
    private readonly List<SyncRemoval> _removals = [];
    private Shard? _shard;

    /// <summary>The digest the source's tag must point to; a source that has moved since is not copied.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? SourceDigest { get; set; }

    /// <summary>What the image becomes at the destination, as a row that comes from the pipeline says; otherwise without effect.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? Digest { get; set; }

    /// <summary>The status of a row that comes from the pipeline; one that says Skipped is left alone again.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? Status { get; set; }

    /// <summary>What a tag to be pruned pointed to, as a row that comes from the pipeline says; if it is something else by now, it stays.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? PreviousDigest { get; set; }

    /// <summary>What of its source a row that comes from the pipeline means.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? Selection { get; set; }

    /// <summary>Of repositories, tags that are at the destination are no candidates: -Latest 5 are the newest five of the others.</summary>
    [Parameter]
    public SwitchParameter NewOnly { get; set; }

    /// <summary>Only a part of the work, such as 2/8: each image belongs to exactly one of the eight.</summary>
    [Parameter]
    public string? Shard { get; set; }

    private protected override SyncRequest CreateRequest() => base.CreateRequest() with
    {
        NewOnly = NewOnly,
        Shard = _shard,
        Removals = _removals,
        KnownMissing = _knownMissing,
    };

    private protected override bool HasRemovals => _removals.Count > 0;

    // A column for the status makes it one, even an empty column: then the row is a part of one. Other objects have a status of their own
    // (those of Test-OciImage) and no destination: beside -Destination they are images.
    private bool IsRow => MyInvocation.BoundParameters.ContainsKey(nameof(Status))
        && (!_isPlace || string.IsNullOrEmpty(Status) || SyncStatus.All.Contains(Status));

    private Shard? ReadShard()
    {
        if (string.IsNullOrEmpty(Shard))
        {
            return null;
        }

        try
        {
            return NewOnly
                ? throw new OciException(
                    OciErrorKind.ChoiceInvalid, "-NewOnly and -Shard can't be used together: what is new changes while other parts of the work copy.")
                : OciSync.Core.Requests.Shard.Parse(Shard!);
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, Shard));
            throw;
        }
    }

    private void AddSource(string source, IReadOnlyList<SyncPlace> places)
    {
        // A name that comes with a destination of its own is no line of a list.
        if (!IsRow && _isPlace && IsNoName(source, () => AddImage(source, places)))
        {
            return;
        }

        if (FindRowFault(source, places) is { } fault)
        {
            var failure = new OciException(OciErrorKind.ReferenceInvalid, fault);
            foreach (var place in places.Select(p => p.Text).DefaultIfEmpty(string.Empty))
            {
                Fail(source, place, failure, source);
            }
        }
        else if (Status is SyncStatus.WouldPrune)
        {
            RefusePruneOfRows(string.Empty);
            places.ToList().ForEach(p => AddRemoval(p.Destination));
        }
        else if (ReasonToSkip(source) is { } reason)
        {
            places.ToList().ForEach(p => Skip(source, p.Text, reason));
        }
        else
        {
            AddImage(source, places);
        }
    }

    // A row is as a run or a plan of ours wrote it, or it is refused: of a part of one something else would be copied than was planned.
    private string? FindRowFault(string source, IReadOnlyList<SyncPlace> places)
    {
        const string Alone = "To copy it all the same, take its Source and Destination alone: Select-Object Source, Destination.";
        if (places.Count == 0)
        {
            return $"'{LoginText.Hide(source)}' has no destination; write host/namespace, such as registry.corp.local/mirror.";
        }

        if (!IsRow)
        {
            return null;
        }

        if (string.IsNullOrEmpty(Status))
        {
            return $"The row has no Status: it is a part of one, or none of OciSync's. {Alone}";
        }

        return !SyncStatus.All.Contains(Status) ? $"The row's Status '{Status}' is none of OciSync's ({string.Join(", ", SyncStatus.All)}). {Alone}"
            : Status is SyncStatus.WouldPrune && source.Length > 0 ? $"The row says WouldPrune and names a source; what is only removed has none. {Alone}"
            : SyncStatus.HasSourceDigest(Status!) && string.IsNullOrEmpty(SourceDigest)
                ? $"The row says {Status} and has no SourceDigest: it can't be told whether its source is still what it was. {Alone}"
            : null;
    }

    private void AddImage(string source, IReadOnlyList<SyncPlace> places)
    {
        if (IsRow)
        {
            RefusePruneOfRows(source);
        }

        RowSelection? selection = null;
        Digest? digest = null;
        Digest? becomes = null;
        try
        {
            digest = ReadDigest(SourceDigest, nameof(SourceDigest));
            becomes = IsRow ? ReadDigest(Digest, nameof(Digest)) : null;
            selection = string.IsNullOrEmpty(Selection) ? null : FindSelection(Selection!);
        }
        catch (OciException e)
        {
            places.ToList().ForEach(p => Fail(source, p.Text, e, source));
            return;
        }

        var trust = TrustOf(selection?.Trust);
        var signing = SigningOf(selection?.Signing);
        places = IsRow ? places.Select(p => IsNameOnly(source, p.Destination) ? CreatePlace(p.Destination, isPlace: true) : p).ToList() : places;
        Add(
            source,
            places,
            needsTag: true,
            _selector ?? selection?.Tags,
            digest is null && becomes is null && selection is null ? null : pair => Apply(pair, digest, becomes, selection, trust) with { Signing = signing },
            selection is null ? null : repository => Apply(repository, selection, trust) with { Signing = signing });
    }

    private static SyncPair Apply(SyncPair pair, Digest? source, Digest? becomes, RowSelection? selection, TrustOptions? trust) => pair with
    {
        SourceDigest = source,
        Digest = becomes,
        Selection = selection?.Images,
        Conversion = selection?.Conversion,
        IncludeReferrer = selection?.IncludeReferrer,
        Trust = trust,
        MinimumAge = selection?.MinimumAge,
    };

    private static SyncRepository Apply(SyncRepository repository, RowSelection selection, TrustOptions? trust) => repository with
    {
        Selection = selection.Images,
        Conversion = selection.Conversion,
        IncludeReferrer = selection.IncludeReferrer,
        NewOnly = selection.NewOnly ? true : null,
        Trust = trust,
        MinimumAge = selection.MinimumAge,
    };

    private void RefusePruneOfRows(string source)
    {
        if (Prune)
        {
            var failure = new OciException(
                OciErrorKind.ChoiceInvalid, "-Prune needs the whole choice, and rows may be a part of it: give -Prune to the command with the choice itself.");
            ThrowTerminatingError(ErrorRecords.Create(failure, source));
        }
    }

    // What a plan says goes: the tag, if it is still the image that it was.
    private void AddRemoval(GivenDestination destination)
    {
        try
        {
            var digest = ReadDigest(PreviousDigest, nameof(PreviousDigest))
                ?? throw new OciException(
                    OciErrorKind.ReferenceInvalid,
                    $"The row for '{destination.Text}' has no PreviousDigest: it can't be told whether the tag is still what it was.");
            _removals.Add(new SyncRemoval(destination.Location, digest));
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            Fail(string.Empty, destination.Text, e, destination.Text);
        }
    }

    // A row that failed before its image had a name there has the place in its stead.
    private static bool IsNameOnly(string source, GivenDestination destination)
    {
        try
        {
            var (from, to) = (ImageLocation.Parse(source), destination.Location);
            return from.Image is null ? from.IsRepository : from.Image.Tag is not null && to.IsRepository;
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            return true;
        }
    }

    private string? ReasonToSkip(string source) => Status switch
    {
        SyncStatus.Skipped => "the row says so; to copy it, take its Source and Destination alone",
        SyncStatus.Pruned => "it was removed already",
        _ => IsRow && source.Length == 0 ? "it names no source; only WouldPrune rows of a plan remove something" : null,
    };

    private static Digest? ReadDigest(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return OciSync.Core.References.Digest.TryParse(text!, out var digest, out var fault)
            ? digest
            : throw new OciException(OciErrorKind.ReferenceInvalid, $"The {name} is no digest: {fault}.");
    }

    private RowSelection FindSelection(string text)
    {
        if (!_selections.TryGetValue(text, out var selection))
        {
            _selections.Add(text, selection = RowSelection.Parse(text));
        }

        return selection;
    }
}
