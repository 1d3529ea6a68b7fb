using System.Globalization;
using OciSync.Core.Conversion;
using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Tags;

namespace OciSync.Core.Syncing.Documents;

/// <summary>What an entry of our format says of a repository, on one line: <c>{ latest: 5, platforms: ['linux/amd64'] }</c>.</summary>
internal static class EntryText
{
    /// <summary>What of an image, whether what speaks of it comes along, and what it is converted to; null for all of it alone as it is.</summary>
    internal static string? Of(ImageSelection? selection, bool referrers, ConversionOptions? conversion) =>
        Join(SelectionKeys(selection, referrers).Concat(ConversionKeys(conversion)));

    /// <summary>Everything that was asked for of a repository.</summary>
    internal static string Of(SyncRepository repository, SyncRequest request) => Join(
    [
        .. ChoiceKeys(repository.Selector.Choice),
        .. SelectionKeys(repository.Selection ?? request.Selection, repository.IncludeReferrer ?? request.IncludeReferrer),
        .. ConversionKeys(request.Conversion.Over(repository.Conversion)),
        .. repository.NewOnly ?? request.NewOnly ? ["newOnly: true"] : Array.Empty<string>(),
    ])!;

    /// <summary>Reads what <see cref="Of(ImageSelection?, bool, ConversionOptions?)"/> wrote.</summary>
    /// <exception cref="OciException">It is something else.</exception>
    internal static EntrySettings Read(string text)
    {
        // No variables: a value stands for itself.
        var context = new SyncFileContext("Selection", _ => null);
        try
        {
            var map = YamlMap.Of(YamlReader.Read(context.Path, text) ?? new YamlNode(YamlKind.Mapping, 1, 1), "It", context);
            var settings = EntrySettings.Read(map, EntrySettings.None, context);
            map.RefuseOthers();
            return context.Mistakes.Count == 0 ? settings : throw new SyncFileException(context.Mistakes[0]);
        }
        catch (SyncFileException e)
        {
            throw new OciException(OciErrorKind.ChoiceInvalid, $"A row's Selection can't be understood: {e.Mistake.Message}", e);
        }
    }

    /// <summary>A choice among tags as keys and values; <c>allTags</c> for everything.</summary>
    internal static IEnumerable<string> ChoiceKeys(TagChoice choice)
    {
        if (choice.IsEverything && !choice.IncludeRolling && !choice.IncludePrerelease)
        {
            return ["allTags: true"];
        }

        var keys = new List<string>();
        Lists("include", choice.Include);
        Lists("exclude", choice.Exclude);
        Lists("includeRegex", choice.IncludeRegex);
        Lists("excludeRegex", choice.ExcludeRegex);
        Lists("excludeKeyword", choice.ExcludeKeyword);
        Say(choice.VersionRange is not null, "versionRange", Quote(choice.VersionRange ?? string.Empty));
        Say(choice.Latest is not null, "latest", Number(choice.Latest ?? 0));
        Say(choice.SkipLatest > 0, "skipLatest", Number(choice.SkipLatest));
        Say(choice.Per != TagLine.Repository, "per", choice.Per.ToString());
        Lists("family", choice.Family);
        Say(choice.IncludeRolling, "includeRolling", "true");
        Say(choice.IncludePrerelease, "includePrerelease", "true");
        Say(choice.Since is not null, "since", Time(choice.Since));
        Say(choice.Before is not null, "before", Time(choice.Before));
        Say(choice.IsEverything, "allTags", "true");
        return keys;

        void Lists(string key, IReadOnlyList<string> values) => Say(values.Count > 0, key, List(values));

        void Say(bool isSaid, string key, string value)
        {
            if (isSaid)
            {
                keys.Add($"{key}: {value}");
            }
        }
    }

    /// <summary>What of an image as keys and values; none for all of it.</summary>
    internal static IEnumerable<string> SelectionKeys(ImageSelection? selection, bool referrers)
    {
        if (selection?.Platforms.Count > 0)
        {
            yield return "platforms: " + List(selection.Platforms.Select(p => p.ToString()));
        }

        if (selection?.ExcludeAttestation == true)
        {
            yield return "excludeAttestation: true";
        }

        if (referrers)
        {
            yield return "referrers: true";
        }
    }

    /// <summary>What becomes of manifests and layers as keys and values; none where they stay as they are.</summary>
    internal static IEnumerable<string> ConversionKeys(ConversionOptions? conversion)
    {
        if (conversion?.Format is { } format)
        {
            yield return "format: " + format;
        }

        if (conversion?.Compression is { } compression)
        {
            yield return "compression: " + compression;
        }

        if (conversion?.CompressionLevel is { } level)
        {
            yield return "compressionLevel: " + Number(level);
        }
    }

    /// <summary>Texts as a list on one line.</summary>
    internal static string List(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(Quote)) + "]";

    /// <summary>A text that stays one, whatever is in it.</summary>
    internal static string Quote(string text) => "'" + text.Replace("'", "''") + "'";

    private static string? Join(IEnumerable<string> keys) => string.Join(", ", keys) is { Length: > 0 } text ? "{ " + text + " }" : null;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? time) => Quote((time ?? default).ToString("o", CultureInfo.InvariantCulture));
}
