using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tags;
using OciSync.Core.Text;

namespace OciSync.Core.SyncFiles;

/// <summary>What a sync file asks for of one repository.</summary>
public sealed class OciSyncEntry
{
    internal OciSyncEntry(ImageReference repository, string path, int line)
    {
        Name = repository;
        Path = path;
        Line = line;
    }

    /// <summary>The registry, such as docker.io.</summary>
    public string Registry => Name.Registry;

    /// <summary>The repository's path, such as library/alpine.</summary>
    public string Repository => Name.Repository;

    /// <summary>The repository with its registry.</summary>
    public string Reference => Name.ToString();

    /// <summary>Tags and digests that are named; they are taken as they are.</summary>
    public TextList<string> Tag { get; internal init; } = [];

    /// <summary>The choice among the repository's tags in words, or null where tags are named.</summary>
    public string? Choice => Selector?.Choice.ToString();

    /// <summary>The destinations of this repository, where it has its own: full repository names.</summary>
    public TextList<string> Destination { get; internal init; } = [];

    /// <summary>The platforms wanted; none means all.</summary>
    public TextList<string> Platform => Selection?.Platforms.Select(p => p.ToString()).ToArray() ?? [];

    /// <summary>Without BuildKit's attestation entries.</summary>
    public bool ExcludeAttestation => Selection?.ExcludeAttestation ?? false;

    /// <summary>Indexes stay as they are, although only some platforms are copied.</summary>
    public bool KeepIndex => Selection?.KeepIndex ?? false;

    /// <summary>The format that manifests are converted to; null for what the command says.</summary>
    public string? Format => Conversion?.Format?.ToString();

    /// <summary>What becomes of layers; null for what the command says.</summary>
    public string? Compression => Conversion?.Compression?.ToString();

    /// <summary>The level of the compression; null for the usual one.</summary>
    public int? CompressionLevel => Conversion?.CompressionLevel;

    /// <summary>Whether signatures and other referrers come along; null where the file doesn't say.</summary>
    public bool? Referrers { get; internal init; }

    /// <summary>Whether tags at the destination that are not chosen are removed; null for what the command says.</summary>
    public bool? Prune { get; internal init; }

    /// <summary>Wildcards: tags that match are not looked at again once they are at the destination.</summary>
    public TextList<string> SkipExisting { get; internal init; } = [];

    /// <summary>Tags that are at the destination are no candidates; null where the file doesn't say.</summary>
    public bool? NewOnly { get; internal init; }

    /// <summary>It is known that it may not be there: then it is passed over, and is no failure.</summary>
    public bool KnownMissing { get; internal init; }

    /// <summary>The policy that lets its images in, where the file names one.</summary>
    public string? Policy => Trust?.PolicyPath;

    /// <summary>
    /// What is asked of signatures beyond the policy (AsPolicy, Require, RequireIndex), and what becomes of them (keep, remove); null for what the
    /// command says.
    /// </summary>
    public string? Signatures => Trust?.Words is { Count: > 0 } words ? string.Join(", ", words) : null;

    /// <summary>Both, as a run takes them; null where the file says nothing.</summary>
    public EntryTrust? Trust { get; internal init; }

    /// <summary>Who signs its images at their destinations; null for what the command says.</summary>
    public EntrySigning? Signing { get; internal init; }

    /// <summary>How long a tag and what it points to must be known from here before it is taken; null where the file doesn't say.</summary>
    public TimeSpan? MinimumAge { get; internal init; }

    /// <summary>Wildcards: tags that match are taken however young they are.</summary>
    public TextList<string> MinimumAgeExempt { get; internal init; } = [];

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The line in the file, from 1.</summary>
    public int Line { get; }

    /// <summary>The repository to be listed for a run, or null where tags are named.</summary>
    public SyncRepository? Plan(IReadOnlyList<SyncPlace> places) =>
        Selector is null ? null : Give(new SyncRepository(Name, Selector, places, Reference) { NewOnly = NewOnly });

    /// <summary>The reference of a tag or digest of this repository.</summary>
    public string ReferenceOf(string tag) => Reference + (tag.Contains(":") && !tag.Contains("@") ? "@" : ":") + tag;

    /// <summary>A pair of this entry, with what the entry says of its images.</summary>
    public SyncPair Modify(SyncPair pair) => Give(pair);

    // Whom it is signed by, and who lets it in, are opened by the command.
    private T Give<T>(T images)
        where T : ImageTerms
    {
        ImageTerms given = images;
        return (T)(given with
        {
            Selection = Selection,
            Conversion = Conversion,
            IncludeReferrer = Referrers,
            FirstWins = FirstWins,
            SkipExisting = FilterOf(SkipExisting),
            Prune = Prune,
            IsKnownMissing = KnownMissing,
            MinimumAge = MinimumAge,
            MinimumAgeExempt = FilterOf(MinimumAgeExempt),
        });
    }

    private static TagFilter? FilterOf(TextList<string> wildcards) => wildcards.Length == 0 ? null : new TagFilter(new TagChoice { Include = wildcards });

    internal ImageReference Name { get; }

    internal TagSelector? Selector { get; init; }

    internal ImageSelection? Selection { get; init; }

    internal ConversionOptions? Conversion { get; init; }

    /// <summary>The file that the entry's file wants what is chosen to be written to, or null.</summary>
    public string? DefaultOutput { get; internal init; }

    internal bool FirstWins { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
