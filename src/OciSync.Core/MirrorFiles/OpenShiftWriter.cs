using System.Text;

namespace OciSync.Core.MirrorFiles;

/// <summary>
/// OpenShift's ImageDigestMirrorSet (pulls by digest) and ImageTagMirrorSet (pulls by tag), for <c>oc apply</c>. They become a registries.conf
/// on the nodes, and so can say the same namings.
/// </summary>
internal static class OpenShiftWriter
{
    internal static MirrorDraft Write(RouteTable table, string path, MirrorOptions options)
    {
        var shared = new HashSet<MirrorBase>(table.Registries.SelectMany(r => r.Bases).GroupBy(b => b).Where(g => g.Count() > 1).Select(g => g.Key));
        var entries = table.Registries.SelectMany(r => RegistriesConfWriter.EntriesOf(r, shared)).ToList();
        var text = new StringBuilder(MirrorText.Head(MirrorText.Names(table.Registries.Select(r => r.Registry)), options.NoFallback));
        var name = NameOf(path);
        WriteSet(text, "Digest", name, entries, options);
        MirrorText.Line(text, "---");
        WriteSet(text, "Tag", name, entries, options);
        return new MirrorDraft(path, text.ToString())
        {
            Source = entries.Select(e => e.Prefix).ToList(),
            Mirror = entries.SelectMany(e => e.Places.Select(p => p.Location)).Distinct().ToList(),
        };
    }

    private static void WriteSet(
        StringBuilder text, string kind, string name, List<(string Prefix, IReadOnlyList<MirrorBase> Places)> entries, MirrorOptions options)
    {
        MirrorText.Line(text, "apiVersion: config.openshift.io/v1");
        MirrorText.Line(text, $"kind: Image{kind}MirrorSet");
        MirrorText.Line(text, "metadata:");
        MirrorText.Line(text, $"  name: {MirrorText.Quote(name)}");
        MirrorText.Line(text, "spec:");
        MirrorText.Line(text, $"  image{kind}Mirrors:");
        foreach (var (prefix, places) in entries)
        {
            MirrorText.Line(text, $"    - source: {MirrorText.Quote(prefix)}");
            MirrorText.Line(text, "      mirrors:");
            places.ToList().ForEach(p => MirrorText.Line(text, $"        - {MirrorText.Quote(p.Location)}"));
            MirrorText.Line(text, $"      mirrorSourcePolicy: {(options.NoFallback ? "NeverContactSource" : "AllowContactingSource")}");
        }
    }

    // A name of Kubernetes (RFC 1123): the file's, so that files for several mirrors are several objects.
    private static string NameOf(string path)
    {
        var file = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
        var name = new string(file.Select(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' ? c : '-').ToArray()).Trim('-');
        return name.Length == 0 ? "mirror" : name;
    }
}
