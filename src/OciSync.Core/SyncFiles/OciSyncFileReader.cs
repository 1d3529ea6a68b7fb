using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tags;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>Our own format, version 1; docs/sync-file.schema.json describes it. <c>${NAME}</c> in values is the environment's.</summary>
internal sealed class OciSyncFileReader(SyncFileContext context)
{
    private readonly SyncFileContent _content = new();

    internal SyncFileContent Read(YamlNode root)
    {
        context.HasVariables = true;
        var map = YamlMap.Of(root, "The file", context);
        if (map.Number(SyncFileReader.Marker) is { } version && version != 1)
        {
            context.Add(map.Find(SyncFileReader.Marker)!, $"This is version {version} of the format; this OciSync knows version 1.");
        }

        ReadDestinations(map.Find("destinations"));
        var defaults = map.Map("defaults");
        var @default = defaults is null ? EntrySettings.None : EntrySettings.Read(defaults, EntrySettings.None, context);
        defaults?.RefuseOthers();
        if (map.Map("images") is { } images)
        {
            foreach (var (key, value) in images.Pairs)
            {
                ReadRepository(key, value, @default);
            }
        }
        else if (map.Find("find") is null)
        {
            context.Add(root, "'images' names no repository, and 'find' no files.");
        }

        if (map.Find("find") is { } find)
        {
            ReadFound(find, @default);
        }

        map.RefuseOthers();
        return _content;
    }

    private void ReadDestinations(YamlNode? list)
    {
        foreach (var item in list is null ? [] : list.Kind == YamlKind.Sequence ? list.Items : [list])
        {
            if (item.Kind == YamlKind.Scalar)
            {
                _content.Destinations.Add(new SyncDestination(context.Text(item, "A destination") ?? string.Empty));
                continue;
            }

            var map = YamlMap.Of(item, "A destination", context);
            var place = map.Text("place");
            var destination = new SyncDestination(place ?? string.Empty)
            {
                Naming = map.Word("naming", DestinationNaming.Leaf, DestinationNaming.Path, DestinationNaming.Full, DestinationNaming.Flat),
                AppendSuffix = map.Text("appendSuffix"),
            };
            map.RefuseOthers();
            if (place is null)
            {
                context.Add(item, "A destination needs a place: host/namespace.");
                continue;
            }

            _content.Destinations.Add(destination);
        }
    }

    // The images that files name, as if they stood here by their tags.
    private void ReadFound(YamlNode find, EntrySettings defaults)
    {
        foreach (var found in new FindReader(context).Read(find))
        {
            Add(found.Repository, found.Place, defaults with { Tags = found.Tags, TagsPlace = found.Place });
        }
    }

    // One choice, a list of choices, or nothing: the defaults.
    private void ReadRepository(YamlNode key, YamlNode value, EntrySettings defaults)
    {
        if (context.Text(key, "A repository") is not { } text || RepositoryKeys.Parse(text, key, context) is not { } repository)
        {
            return;
        }

        var choices = value.Kind == YamlKind.Sequence && value.Items.TrueForAll(i => i.Kind == YamlKind.Mapping) ? value.Items : [value];
        foreach (var choice in choices)
        {
            if (choice.Kind is YamlKind.Sequence)
            {
                // The short form: a list of tags.
                Add(repository, choice, defaults with { Tags = context.Texts(choice, $"'{text}'"), TagsPlace = choice });
                continue;
            }

            var before = context.Mistakes.Count;
            var map = YamlMap.Of(choice, $"'{text}'", context);
            var settings = EntrySettings.Read(map, defaults, context);
            map.RefuseOthers();
            if (context.Mistakes.Count == before)
            {
                Add(repository, choice.IsNull ? key : choice, settings);
            }
        }
    }

    private void Add(ImageReference repository, YamlNode place, EntrySettings settings)
    {
        for (var i = 0; i < settings.Tags.Count; i++)
        {
            var at = settings.TagsPlace is { Kind: YamlKind.Sequence } list ? list.Items[i] : settings.TagsPlace ?? place;
            RepositoryKeys.IsTagOrDigest(repository, settings.Tags[i], at, context);
        }

        if (settings.Tags.Count == 0 && settings.Choice.IsEverything && !settings.AllTags)
        {
            context.Add(place, $"'{repository}' has neither tags nor a choice; for every tag write 'allTags: true'.");
            return;
        }

        foreach (var name in settings.Destinations.Where(d => !ImageLocation.HasTransport(d) && !ImageReference.TryParse(d, out _, out _)))
        {
            context.Add(place, $"'{LoginText.Hide(name)}' is no name for a repository at a destination.");
        }

        try
        {
            _ = new TagFilter(new TagChoice { Include = settings.SkipExisting });
            _ = new TagFilter(new TagChoice { Include = settings.MinimumAgeExempt });
            _content.Entries.Add(CreateEntry(repository, place, settings));
        }
        catch (OciException e)
        {
            context.Add(place, e.Message);
        }
    }

    private OciSyncEntry CreateEntry(ImageReference repository, YamlNode place, EntrySettings settings) =>
        new(repository, context.Path, place.Line)
        {
            Tag = [.. settings.Tags],
            Selector = settings.Tags.Count > 0 ? null : new TagSelector(settings.Choice),
            Destination = [.. settings.Destinations],
            Selection = settings.Selection,
            Conversion = settings.Conversion,
            Referrers = settings.Referrers,
            Prune = settings.Prune,
            SkipExisting = [.. settings.SkipExisting],
            NewOnly = settings.NewOnly,
            KnownMissing = settings.KnownMissing,
            Trust = settings.Trust,
            Signing = settings.Signing,
            MinimumAge = settings.MinimumAge,
            MinimumAgeExempt = [.. settings.MinimumAgeExempt],
        };
}
