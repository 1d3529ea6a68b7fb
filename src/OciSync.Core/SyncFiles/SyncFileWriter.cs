using System.Text;
using OciSync.Core.Rows;

namespace OciSync.Core.SyncFiles;

/// <summary>Sync files as text (pure functions). Every value is quoted: 1.10 stays 1.10 for any reader.</summary>
internal static class SyncFileWriter
{
    private static readonly HashSet<string> Words = new(["null", "true", "false", "yes", "no", "on", "off", "y", "n"], StringComparer.Ordinal);

    /// <summary>The YAML source of <c>skopeo sync</c>: tags without digests.</summary>
    internal static string WriteSkopeo(IReadOnlyList<ExportedImage> images, IReadOnlyList<LeftOutSource> leftOut)
    {
        var text = new StringBuilder("# Written by OciSync, for skopeo sync --src yaml and Sync-OciImage -ConfigPath.\n");
        Comment(text, leftOut);
        foreach (var registry in images.GroupBy(i => i.Source.Registry))
        {
            text.Append(Key(registry.Key)).Append(":\n  images:\n");
            foreach (var repository in registry.GroupBy(i => i.Source.Repository))
            {
                text.Append("    ").Append(Key(repository.Key)).Append(":\n");
                Items(text, "      ", repository.Select(i => i.TagOrDigest));
            }
        }

        return text.ToString();
    }

    /// <summary>Our own format, with digests: what Sync-OciImage makes of it is the same at any time.</summary>
    internal static string WriteOwn(IReadOnlyList<ExportedImage> images, IReadOnlyList<string> destinations, IReadOnlyList<LeftOutSource> leftOut)
    {
        var text = new StringBuilder("# Written by OciSync: Sync-OciImage -ConfigPath with this file copies exactly these images.\n");
        Comment(text, leftOut);
        text.Append("ocisync: 1\n");
        if (destinations.Count > 0)
        {
            text.Append("destinations:\n");
            Items(text, "  ", destinations.Select(Escape));
        }

        text.Append("images:\n");
        foreach (var repository in Gather(images).GroupBy(i => i.Source.Name))
        {
            text.Append("  ").Append(Key(repository.Key)).Append(":\n");
            var entries = repository.GroupBy(Settings).ToList();
            if (entries.Count == 1 && entries[0].Key.Length == 0)
            {
                Items(text, "    ", entries[0].Select(i => i.Pinned));
                continue;
            }

            foreach (var entry in entries)
            {
                text.Append("    - ").Append(entry.Key).Append("tags:\n");
                Items(text, "        ", entry.Select(i => i.Pinned));
            }
        }

        return text.ToString();
    }

    // A reader of the file sees that it is not the whole.
    private static void Comment(StringBuilder text, IReadOnlyList<LeftOutSource> leftOut)
    {
        if (leftOut.Count > 0)
        {
            text.Append("#\n# Left out:\n");
        }

        foreach (var source in leftOut.GroupBy(s => s.Reference).Select(g => g.First()))
        {
            text.Append("#   ").Append(source.Reference).Append(" (").Append(source.Failure?.ErrorId ?? source.Reason).Append(")\n");
        }
    }

    // An image that goes to several places is one.
    private static IEnumerable<ExportedImage> Gather(IReadOnlyList<ExportedImage> images) => images
        .GroupBy(i => (i.Source.Name, i.Pinned, i.Settings))
        .Select(g => g.First() with { Destinations = g.SelectMany(i => i.Destinations).Distinct(StringComparer.Ordinal).ToList() });

    private static string Settings(ExportedImage image)
    {
        var keys = EntryText.SelectionKeys(image.Selection, image.Referrers).Concat(EntryText.ConversionKeys(image.Conversion))
            .Concat(EntryText.TrustKeys(image.Trust).Concat(EntryText.SigningKeys(image.Signing)).Select(Escape)).ToList();
        if (image.Destinations.Count > 0)
        {
            keys.Insert(0, "destination: " + EntryText.List(image.Destinations.Select(Escape)));
        }

        return string.Concat(keys.Select(k => k + "\n      "));
    }

    private static void Items(StringBuilder text, string indent, IEnumerable<string> items)
    {
        foreach (var item in items.Distinct(StringComparer.Ordinal))
        {
            text.Append(indent).Append("- ").Append(EntryText.Quote(item)).Append('\n');
        }
    }

    // A name that nobody takes for a number or a word of YAML's stands without quotes.
    private static string Key(string name) =>
        name[0] is >= 'a' and <= 'z' && !Words.Contains(name) && name.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '-' or '_' or '/')
            ? name
            : EntryText.Quote(name);

    // Values of our format may name variables of the environment.
    private static string Escape(string text) => text.Replace("${", "$${");
}
