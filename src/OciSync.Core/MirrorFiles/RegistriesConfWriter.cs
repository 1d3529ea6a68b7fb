using System.Text;
using OciSync.Core.Connections;
using OciSync.Core.Errors;

namespace OciSync.Core.MirrorFiles;

/// <summary>
/// A file of <c>registries.conf.d</c> (containers-registries.conf(5), version 2). What follows a prefix is put behind the location, so that
/// every naming can be said: the registry as a whole where its repositories keep their names, else an entry for each repository. <c>blocked</c>
/// keeps the registry itself from being asked, and not the mirrors.
/// </summary>
internal static class RegistriesConfWriter
{
    private const string Begin = "# >>> Mirrors by Export-OciMirrorConfig of OciSync; the next export replaces what stands between these marks.";
    private const string End = "# <<< Mirrors by Export-OciMirrorConfig of OciSync";

    internal static MirrorDraft Write(RouteTable table, string path, MirrorOptions options)
    {
        var shared = new HashSet<MirrorBase>(table.Registries.SelectMany(r => r.Bases).GroupBy(b => b).Where(g => g.Count() > 1).Select(g => g.Key));
        var entries = table.Registries.SelectMany(r => EntriesOf(r, shared)).ToList();
        var text = new StringBuilder();
        MirrorText.Line(text, Begin);
        MirrorText.Line(text, MirrorText.Fallback(options.NoFallback));
        entries.ForEach(e => WriteEntry(text, e.Prefix, e.Places, options));
        MirrorText.Line(text, End);
        return new MirrorDraft(path, text.ToString())
        {
            Source = entries.Select(e => e.Prefix).ToList(),
            Mirror = entries.SelectMany(e => e.Places.Select(p => p.Location)).Distinct().ToList(),
            Merge = there => Merge(there, text.ToString(), entries.Select(e => e.Prefix).ToList(), path),
        };
    }

    /// <summary>The entries: longer prefixes win, so that a registry's own may stand beside those of its repositories.</summary>
    internal static IEnumerable<(string Prefix, IReadOnlyList<MirrorBase> Places)> EntriesOf(RegistryRoutes registry, HashSet<MirrorBase> shared)
    {
        // Registries below one place are told apart by their repositories.
        if (registry.IsUniform && !registry.Bases.Any(shared.Contains))
        {
            yield return (registry.Registry, registry.Bases);
            yield break;
        }

        foreach (var repository in registry.Repositories)
        {
            yield return (registry.Registry + "/" + repository.Repository, repository.Places);
        }
    }

    private static void WriteEntry(StringBuilder text, string prefix, IReadOnlyList<MirrorBase> places, MirrorOptions options)
    {
        MirrorText.Line(text);
        MirrorText.Line(text, "[[registry]]");
        MirrorText.Line(text, $"prefix = {MirrorText.Quote(prefix)}");
        MirrorText.Line(text, $"location = {MirrorText.Quote(prefix)}");
        if (options.IsPlainHttp(prefix.Split('/')[0]))
        {
            MirrorText.Line(text, "insecure = true");
        }

        if (options.NoFallback)
        {
            MirrorText.Line(text, "blocked = true");
        }

        foreach (var place in places)
        {
            MirrorText.Line(text);
            MirrorText.Line(text, "[[registry.mirror]]");
            MirrorText.Line(text, $"location = {MirrorText.Quote(place.Location)}");
            if (place.Host.IsPlainHttp)
            {
                MirrorText.Line(text, "insecure = true");
            }
        }
    }

    // Tables may follow any others. Of two entries for a prefix in one file the first counts, so what is there already is not to be shadowed.
    private static string? Merge(string there, string block, IReadOnlyList<string> prefixes, string path)
    {
        var rest = WithoutBlock(there);
        try
        {
            var others = RegistriesConfigReader.Read(rest, path, []);
            if (others.Any(o => prefixes.Contains(o.Prefix)))
            {
                return null;
            }
        }
        catch (OciException)
        {
            // It is no registries.conf of today, and nothing is put into it.
            return null;
        }

        rest = rest.TrimEnd('\r', '\n');
        return rest.Length == 0 ? block : rest + "\n\n" + block;
    }

    private static string WithoutBlock(string text)
    {
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : text.IndexOf(End, begin, StringComparison.Ordinal);
        if (end < 0)
        {
            return text;
        }

        var after = text.Substring(end + End.Length).TrimStart('\r', '\n');
        return text.Substring(0, begin).TrimEnd('\r', '\n') + (after.Length > 0 ? "\n\n" + after : "\n");
    }
}
