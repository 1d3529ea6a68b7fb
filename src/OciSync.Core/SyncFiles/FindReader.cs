using OciSync.Core.Finding;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>
/// The key <c>find</c> of our own format: paths with wildcards, from the sync file's folder, to files that name images. A list of paths, or
/// <c>paths</c> with <c>excludeRules</c>.
/// </summary>
internal sealed class FindReader(SyncFileContext context)
{
    /// <summary>What is found, by repository; what is wrong with the key or the files is a mistake or a warning.</summary>
    internal IReadOnlyList<FoundRepository> Read(YamlNode find)
    {
        var paths = find;
        IReadOnlyList<string> rules = [];
        if (find.Kind == YamlKind.Mapping)
        {
            var map = YamlMap.Of(find, "'find'", context);
            rules = ReadRules(map);
            paths = map.Find("paths");
            map.RefuseOthers();
            if (paths is null)
            {
                context.Add(find, "'find' needs 'paths': files and folders, with * and ** in their names.");
                return [];
            }
        }

        var found = new List<FoundRepository>();
        foreach (var item in paths.Kind == YamlKind.Sequence ? paths.Items : [paths])
        {
            if (context.Text(item, "A path of 'find'") is { } pattern && context.ReadsFiles)
            {
                found.AddRange(Find(item, pattern, rules));
            }
        }

        return found;
    }

    private IReadOnlyList<string> ReadRules(YamlMap map)
    {
        var rules = map.Texts("excludeRules");
        foreach (var rule in rules.Where(r => !FindRules.All.Contains(r, StringComparer.OrdinalIgnoreCase)))
        {
            var near = Spelling.Nearest(rule, FindRules.All);
            context.Add(map.Find("excludeRules")!, $"There is no rule '{rule}'; {(near is null ? "docs/find-images.md lists them." : $"was '{near}' meant?")}");
        }

        return rules;
    }

    private List<FoundRepository> Find(YamlNode place, string pattern, IReadOnlyList<string> rules)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(context.Path)) ?? string.Empty;
        IReadOnlyList<string> paths;
        try
        {
            paths = FilePattern.Find(folder, pattern);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            context.Add(place, $"'{pattern}' can't be looked for: {e.Message}");
            return [];
        }

        if (paths.Count == 0)
        {
            context.Add(place, $"There is nothing that '{pattern}' stands for, from the folder of this file.");
        }

        var options = new FindOptions
        {
            Recurse = FilePattern.IsRecursive(pattern),
            ExcludeRule = rules,
            Environment = context.Variables,
        };
        return Take(place, pattern, new ImageFinder(options).Find(paths));
    }

    private List<FoundRepository> Take(YamlNode place, string pattern, IReadOnlyList<FindOutcome> outcomes)
    {
        foreach (var failure in outcomes.SelectMany(o => o.Failures))
        {
            context.Add(place, failure.Message);
        }

        context.Warnings.AddRange(outcomes.SelectMany(o => o.Warnings).Select(w => w.ToString()));
        var images = outcomes.SelectMany(o => o.Images).ToList();
        if (images.Count(i => !i.IsCertain) is > 0 and var uncertain)
        {
            var (what, are) = uncertain == 1 ? ("image", "is") : ("images", "are");
            context.Warnings.Add(
                $"{context.Path}({place.Line},{place.Column}): of what '{pattern}' stands for {uncertain} {what} can't be told from the files alone, and "
                + $"{are} left out; Find-OciImage tells which.");
        }

        return images.Where(i => i.IsCertain).Select(i => ImageReference.Parse(i.Reference))
            .GroupBy(r => r.Name, StringComparer.Ordinal)
            .Select(g => new FoundRepository(g.First().WithTag(null), g.Select(TagOf).Distinct().ToList(), place))
            .ToList();
    }

    private static string TagOf(ImageReference image) =>
        image.Tag is null ? image.Digest!.ToString() : image.Digest is null ? image.Tag : image.Tag + "@" + image.Digest;
}
