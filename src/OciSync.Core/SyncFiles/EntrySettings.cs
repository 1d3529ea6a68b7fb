using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Sights;
using OciSync.Core.Tags;
using OciSync.Core.Versions;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>What our format says of a repository, or of all in <c>defaults</c>: what isn't said is as in the defaults.</summary>
internal sealed record EntrySettings
{
    internal static readonly EntrySettings None = new();

    internal IReadOnlyList<string> Tags { get; init; } = [];

    internal YamlNode? TagsPlace { get; init; }

    internal TagChoice Choice { get; init; } = TagChoice.Everything;

    internal bool AllTags { get; init; }

    internal IReadOnlyList<string> Destinations { get; init; } = [];

    internal ImageSelection? Selection { get; init; }

    internal ConversionOptions? Conversion { get; init; }

    internal bool? Referrers { get; init; }

    internal bool? Prune { get; init; }

    internal IReadOnlyList<string> SkipExisting { get; init; } = [];

    internal bool? NewOnly { get; init; }

    internal bool KnownMissing { get; init; }

    internal EntryTrust? Trust { get; init; }

    internal EntrySigning? Signing { get; init; }

    internal TimeSpan? MinimumAge { get; init; }

    internal IReadOnlyList<string> MinimumAgeExempt { get; init; } = [];

    internal static EntrySettings Read(YamlMap map, EntrySettings defaults, SyncFileContext context)
    {
        var tags = map.Find("tags");
        return defaults with
        {
            Tags = tags is null ? defaults.Tags : context.Texts(tags, "'tags'"),
            TagsPlace = tags ?? defaults.TagsPlace,
            Choice = ReadChoice(map, defaults.Choice),
            AllTags = map.Flag("allTags") ?? defaults.AllTags,
            Destinations = Texts(map, "destination", defaults.Destinations),
            Referrers = map.Flag("referrers") ?? defaults.Referrers,
            Prune = map.Flag("prune") ?? defaults.Prune,
            SkipExisting = Wildcards(map, "skipExisting", defaults.SkipExisting),
            MinimumAge = ReadAge(map, context) ?? defaults.MinimumAge,
            MinimumAgeExempt = Wildcards(map, "minimumAgeExempt", defaults.MinimumAgeExempt),
            NewOnly = map.Flag("newOnly") ?? defaults.NewOnly,
            KnownMissing = map.Flag("knownMissing") ?? defaults.KnownMissing,
            Trust = SignatureWords.Read(map, defaults.Trust, context),
            Signing = SigningReader.Read(map, context) ?? defaults.Signing,
            Selection = ReadSelection(map, defaults.Selection, context),
            Conversion = ReadConversion(map, defaults.Conversion, context),
        };
    }

    private static TagChoice ReadChoice(YamlMap map, TagChoice defaults) => new()
    {
        Include = Texts(map, "include", defaults.Include),
        Exclude = Texts(map, "exclude", defaults.Exclude),
        IncludeRegex = Texts(map, "includeRegex", defaults.IncludeRegex),
        ExcludeRegex = Texts(map, "excludeRegex", defaults.ExcludeRegex),
        ExcludeKeyword = Texts(map, "excludeKeyword", defaults.ExcludeKeyword),
        VersionRange = map.Text("versionRange") ?? defaults.VersionRange,
        Latest = map.Count("latest") ?? defaults.Latest,
        SkipLatest = map.Number("skipLatest") ?? defaults.SkipLatest,
        Per = map.Word("per", TagLine.Repository, TagLine.Major, TagLine.Minor) ?? defaults.Per,
        Family = Texts(map, "family", defaults.Family),
        IncludeRolling = map.Flag("includeRolling") ?? defaults.IncludeRolling,
        IncludePrerelease = map.Flag("includePrerelease") ?? defaults.IncludePrerelease,
        Since = map.Time("since") ?? defaults.Since,
        Before = map.Time("before") ?? defaults.Before,
    };

    // true is every tag.
    private static IReadOnlyList<string> Wildcards(YamlMap map, string key, IReadOnlyList<string> defaults) => Texts(map, key, defaults) switch
    {
        ["true"] => ["*"],
        ["false"] => [],
        var wildcards => wildcards,
    };

    private static TimeSpan? ReadAge(YamlMap map, SyncFileContext context)
    {
        if (map.Text("minimumAge") is not { } text)
        {
            return null;
        }

        if (AgeText.TryParse(text, out var age))
        {
            return age;
        }

        context.Add(map.Find("minimumAge")!, "'minimumAge' must be a span of time such as 3d, 12h or 1d12h, or 0 for none.");
        return null;
    }

    private static IReadOnlyList<string> Texts(YamlMap map, string key, IReadOnlyList<string> defaults) =>
        map.Find(key) is null ? defaults : map.Texts(key);

    private static ConversionOptions? ReadConversion(YamlMap map, ConversionOptions? defaults, SyncFileContext context)
    {
        var format = map.Word("format", ImageFormat.Oci, ImageFormat.Docker);
        var compression = map.Word("compression", LayerCompression.Keep, LayerCompression.None, LayerCompression.Gzip, LayerCompression.Zstd);
        var level = map.Count("compressionLevel");
        if (format is null && compression is null && level is null)
        {
            return defaults;
        }

        var conversion = (defaults ?? ConversionOptions.None).Over(new ConversionOptions { Format = format, Compression = compression });
        conversion = conversion with { CompressionLevel = level ?? conversion.CompressionLevel };
        if (conversion.FindFault() is { } fault)
        {
            context.Add((map.Find("compressionLevel") ?? map.Find("compression") ?? map.Find("format"))!, fault + ".");
        }

        return conversion;
    }

    private static ImageSelection? ReadSelection(YamlMap map, ImageSelection? defaults, SyncFileContext context)
    {
        var place = map.Find("platforms");
        var texts = map.Texts("platforms");
        var exclude = map.Flag("excludeAttestation");
        var keepIndex = map.Flag("keepIndex");
        if (texts.Count == 0 && exclude is null && keepIndex is null)
        {
            return defaults;
        }

        var platforms = new List<Platform>();
        foreach (var text in texts)
        {
            try
            {
                platforms.Add(Platform.Parse(text));
            }
            catch (FormatException e)
            {
                context.Add(place!, e.Message);
            }
        }

        return new ImageSelection
        {
            Platforms = texts.Count > 0 ? platforms : defaults?.Platforms ?? [],
            ExcludeAttestation = exclude ?? defaults?.ExcludeAttestation ?? false,
            KeepIndex = keepIndex ?? defaults?.KeepIndex ?? false,
        };
    }
}
