using System.Globalization;
using OciSync.Core.Rows;
using OciSync.Core.Sights;
using OciSync.Core.Tags;
using OciSync.Core.Versions;

namespace OciSync.Core.Requests;

/// <summary>What was asked for of a repository, as an entry of our format says it on one line: <c>{ latest: 5, platforms: ['linux/amd64'] }</c>.</summary>
internal static class RepositoryText
{
    /// <summary>Everything that was asked for of a repository.</summary>
    internal static string Of(SyncRepository repository, SyncRequest request) => EntryText.Join(
    [
        .. ChoiceKeys(repository.Selector.Choice),
        .. EntryText.SelectionKeys(repository.Selection ?? request.Selection, repository.IncludeReferrer ?? request.IncludeReferrer),
        .. EntryText.ConversionKeys(request.Conversion.Over(repository.Conversion)),
        .. EntryText.TrustKeys(repository.Trust?.Entry),
        .. repository.NewOnly ?? request.NewOnly ? ["newOnly: true"] : Array.Empty<string>(),
        .. (repository.MinimumAge ?? request.MinimumAge) is { } age && age > TimeSpan.Zero ? ["minimumAge: " + AgeText.Of(age)] : Array.Empty<string>(),
    ])!;

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
        Say(choice.VersionRange is not null, "versionRange", EntryText.Quote(choice.VersionRange ?? string.Empty));
        Say(choice.Latest is not null, "latest", EntryText.Number(choice.Latest ?? 0));
        Say(choice.SkipLatest > 0, "skipLatest", EntryText.Number(choice.SkipLatest));
        Say(choice.Per != TagLine.Repository, "per", choice.Per.ToString());
        Lists("family", choice.Family);
        Say(choice.IncludeRolling, "includeRolling", "true");
        Say(choice.IncludePrerelease, "includePrerelease", "true");
        Say(choice.Since is not null, "since", Time(choice.Since));
        Say(choice.Before is not null, "before", Time(choice.Before));
        Say(choice.IsEverything, "allTags", "true");
        return keys;

        void Lists(string key, IReadOnlyList<string> values) => Say(values.Count > 0, key, EntryText.List(values));

        void Say(bool isSaid, string key, string value)
        {
            if (isSaid)
            {
                keys.Add($"{key}: {value}");
            }
        }
    }

    private static string Time(DateTimeOffset? time) => EntryText.Quote((time ?? default).ToString("o", CultureInfo.InvariantCulture));
}
