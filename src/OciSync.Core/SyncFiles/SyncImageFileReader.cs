using OciSync.Core.Requests;
using OciSync.Core.Tags;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>
/// sync-image's config.yaml, with the rules that its program has built in. Where its own order of versions was a bug we choose by ours
/// (docs/from-sync-image.md).
/// </summary>
internal sealed class SyncImageFileReader(SyncFileContext context, bool is2026)
{
    internal static readonly string[] KeysOf2023 = ["last", "mcrLast", "exclude"];

    internal static readonly string[] KeysOf2026 = ["regexp", "count", "workDir", "syncedDir", "genSynced", "hub", "dockerHub", "githubToken"];

    private const int DefaultCount = 5;
    private const string Mcr = "mcr.microsoft.com";
    private const string KubeCross = "build-image/kube-cross";

    // All letters, or as long as a commit: never wanted. 2026: a version, and a short one.
    private static readonly string[] WordsAndHashes = ["^[A-Za-z]+$", "^.{40}"];
    private const string CaseCounts = "(?-i)";
    private const string ShortVersion = "(?-i)^(?=.{1,15}$)(?:v\\d+|\\d+)[a-zA-Z0-9.-]*$";

    private KnownMissing _missing = KnownMissing.None;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    internal SyncFileContent Read(YamlNode root)
    {
        var content = new SyncFileContent();
        var map = YamlMap.Of(root, "The file", context);
        var choose = is2026 ? Rules2026(map, content) : Rules2023(map);
        var output = map.Text("autoSyncfile");
        _missing = ReadKnownMissing(map);
        new SyncImageHubs(context, content).ReadEnvironment(is2026);
        if (map.Map("images") is { } images)
        {
            foreach (var (registry, repositories) in images.Pairs)
            {
                ReadRegistry(registry, repositories, choose, content, output);
            }
        }
        else
        {
            context.Add(root, "'images' names no repository.");
        }

        foreach (var name in _missing.Except(content.Entries.Select(e => e.Name).ToList()))
        {
            context.Warnings.Add($"{context.Path}: '{name}' is called known to be missing, and is none of the images of the file.");
        }

        map.RefuseOthers();
        return content;
    }

    // Ours: sync-image itself takes no notice of it.
    private KnownMissing ReadKnownMissing(YamlMap map)
    {
        try
        {
            return KnownMissing.Parse(map.Texts("knownMissing"));
        }
        catch (Errors.OciException e)
        {
            context.Add(map.Find("knownMissing")!, e.Message);
            return KnownMissing.None;
        }
    }

    private static Func<string, string, TagChoice> Rules2023(YamlMap map)
    {
        var last = map.Count("last") ?? DefaultCount;
        var mcrLast = map.Count("mcrLast") ?? last;
        var keywords = map.Texts("exclude");
        return (registry, repository) => new TagChoice
        {
            Latest = registry == Mcr ? mcrLast : last,
            ExcludeKeyword = registry == Mcr || repository == KubeCross ? [] : keywords,
            ExcludeRegex = registry == Mcr ? [] : HasSignatures(registry) ? [.. WordsAndHashes, "(?-i)sig$"] : WordsAndHashes,
        };
    }

    private Func<string, string, TagChoice> Rules2026(YamlMap map, SyncFileContent content)
    {
        var count = map.Count("count") ?? DefaultCount;
        var excluded = map.Find("regexp");
        var pattern = map.Text("regexp");
        foreach (var key in new[] { "workDir", "syncedDir", "githubToken" })
        {
            _ = map.Text(key);
        }

        _ = map.Flag("genSynced");
        new SyncImageHubs(context, content).Read(map);
        if (excluded is not null && pattern is not null)
        {
            pattern = ReadRegex(pattern, excluded);
        }

        return (_, _) => new TagChoice { Latest = count, IncludeRegex = [ShortVersion], ExcludeRegex = pattern is null ? [] : [CaseCounts + pattern] };
    }

    private void ReadRegistry(YamlNode registry, YamlNode repositories, Func<string, string, TagChoice> choose, SyncFileContent content, string? output)
    {
        if (repositories.IsNull)
        {
            return;
        }

        if (repositories.Kind != YamlKind.Sequence)
        {
            context.Add(repositories, $"'{registry.Text}' must be a list of repositories.");
            return;
        }

        foreach (var item in repositories.Items)
        {
            if (RepositoryKeys.Read(registry.Text, item, context) is { } name)
            {
                if (!_names.Add(name.ToString()))
                {
                    context.Warnings.Add($"{context.Path}({item.Line},{item.Column}): '{name}' is here a second time; it is taken once.");
                    continue;
                }

                content.Entries.Add(new OciSyncEntry(name, context.Path, item.Line)
                {
                    Selector = new TagSelector(choose(registry.Text, item.Text.Trim())),
                    FirstWins = true,
                    DefaultOutput = output,
                    KnownMissing = _missing.Contains(name),
                });
            }
        }
    }

    // Go's, as the program that reads this file has it; null and a mistake when it is none.
    private string? ReadRegex(string pattern, YamlNode place)
    {
        try
        {
            var translated = GoExpression.Translate(pattern);
            _ = new TagSelector(new TagChoice { ExcludeRegex = [translated] });
            return translated;
        }
        catch (Errors.OciException e)
        {
            context.Add(place, e.Message);
            return null;
        }
    }

    private static bool HasSignatures(string registry) => registry is "gcr.io" or "k8s.gcr.io" or "registry.k8s.io" or "docker.elastic.co";
}
