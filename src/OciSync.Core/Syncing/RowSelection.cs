using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tags;

namespace OciSync.Core.Syncing;

/// <summary>What a row says of its source (<see cref="OciSyncResult.Selection"/>), read again.</summary>
public sealed class RowSelection
{
    private RowSelection(EntrySettings settings, TagSelector? tags)
    {
        Images = settings.Selection;
        Trust = settings.Trust;
        Signing = settings.Signing;
        Tags = tags;
        NewOnly = settings.NewOnly ?? false;
        IncludeReferrer = settings.Referrers;
        Conversion = settings.Conversion;
        MinimumAge = settings.MinimumAge;
    }

    /// <summary>What of each image; null where the row doesn't say.</summary>
    public ImageSelection? Images { get; }

    /// <summary>Which tags, of a row for a whole repository; else null.</summary>
    public TagSelector? Tags { get; }

    /// <summary>Tags that are at the destination were no candidates.</summary>
    public bool NewOnly { get; }

    /// <summary>Whether what speaks of the image came along; null where the row doesn't say.</summary>
    public bool? IncludeReferrer { get; }

    /// <summary>Format and layers; null where the row doesn't say.</summary>
    public ConversionOptions? Conversion { get; }

    /// <summary>Who lets the image in; null where the row doesn't say.</summary>
    public EntryTrust? Trust { get; }

    /// <summary>Who signs the image; null where the row doesn't say.</summary>
    public EntrySigning? Signing { get; }

    /// <summary>How long tags had to be known before they were taken; null where the row doesn't say.</summary>
    public TimeSpan? MinimumAge { get; }

    /// <summary>Reads the text of a row.</summary>
    /// <exception cref="OciException">It is something else (<see cref="OciErrorKind.ChoiceInvalid"/>).</exception>
    public static RowSelection Parse(string text)
    {
        var settings = EntryReader.Read(text);
        var hasTags = settings.AllTags || !settings.Choice.IsEverything;
        return new RowSelection(settings, hasTags ? new TagSelector(settings.Choice) : null);
    }
}
