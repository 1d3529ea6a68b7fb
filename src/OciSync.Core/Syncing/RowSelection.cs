using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Signing.Judging;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tags;

namespace OciSync.Core.Syncing;

/// <summary>What a row says of its source (<see cref="OciSyncResult.Selection"/>), read again.</summary>
public sealed class RowSelection
{
    private RowSelection(
        ImageSelection? images, TagSelector? tags, bool newOnly, bool? includeReferrer, ConversionOptions? conversion, EntryTrust? trust)
    {
        Trust = trust;
        Images = images;
        Tags = tags;
        NewOnly = newOnly;
        IncludeReferrer = includeReferrer;
        Conversion = conversion;
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

    /// <summary>Reads the text of a row.</summary>
    /// <exception cref="OciException">It is something else (<see cref="OciErrorKind.ChoiceInvalid"/>).</exception>
    public static RowSelection Parse(string text)
    {
        var settings = EntryReader.Read(text);
        var hasTags = settings.AllTags || !settings.Choice.IsEverything;
        return new RowSelection(
            settings.Selection, hasTags ? new TagSelector(settings.Choice) : null, settings.NewOnly ?? false, settings.Referrers, settings.Conversion,
            settings.Trust);
    }
}
