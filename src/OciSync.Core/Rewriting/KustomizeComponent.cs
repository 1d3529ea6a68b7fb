using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;

namespace OciSync.Core.Rewriting;

/// <summary>
/// A kustomize component that gives images their mirror's names, in place of changing the manifests: a file that is all ours, named under
/// <c>components</c> of a kustomization. kustomize compares names without tags, and has one entry for each.
/// </summary>
public static class KustomizeComponent
{
    private const string Mark = "# Written by Update-OciImageReference of OciSync: the next run replaces this file.";

    // What kustomize's own list of images is for: manifests, and not values or files of other programs.
    private static readonly string[] Rules = [FindRules.Container, FindRules.ImageVolume];

    /// <summary>The text of the component.</summary>
    /// <param name="found">The images that files name.</param>
    /// <param name="names">What is at the mirror.</param>
    /// <param name="pin">Names get their digest.</param>
    /// <exception cref="OciException">Two images of one name would need two entries (<see cref="OciErrorKind.NamingUnsupported"/>).</exception>
    public static string Write(IReadOnlyList<OciFoundImage> found, IReadOnlyList<MirrorName> names, bool pin)
    {
        var mirror = new MirrorNames(names, pin);
        var entries = new SortedDictionary<string, (string Name, string? Tag, string? Digest)>(StringComparer.Ordinal);
        foreach (var image in found.Where(i => i.IsCertain && Rules.Contains(i.Rule)))
        {
            var old = ImageReference.Parse(image.Reference);
            if (mirror.Find(old).Name is not { } name || name == old)
            {
                continue;
            }

            var written = WrittenName(image.Text);
            var entry = (name.Name, name.Tag == old.Tag ? null : name.Tag, name.Digest == old.Digest ? null : name.Digest?.ToString());
            if (entries.TryGetValue(written, out var other) && other != entry)
            {
                throw new OciException(
                    OciErrorKind.NamingUnsupported,
                    $"kustomize has one entry for a name, and '{written}' is needed with several tags or digests. Leave out -Pin, or let the files "
                        + "be changed.");
            }

            entries[written] = entry;
        }

        return TextOf(entries);
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="OciException">Somebody else's file is there, or it can't be written.</exception>
    public static void Save(string path, string text)
    {
        try
        {
            if (File.Exists(path) && !File.ReadAllText(path).StartsWith(Mark, StringComparison.Ordinal))
            {
                throw new OciException(OciErrorKind.DestinationExists, $"'{path}' is not of Update-OciImageReference. Give another path.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            WholeFile.Write(path, text, replace: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, e.Message, e);
        }
    }

    // The name as kustomize sees it: as written, without tag and digest.
    private static string WrittenName(string text)
    {
        var name = text.Split('@')[0];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name.Substring(0, colon) : name;
    }

    private static string TextOf(SortedDictionary<string, (string Name, string? Tag, string? Digest)> entries)
    {
        var text = new StringBuilder();
        text.Append(Mark).Append('\n');
        text.Append("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n");
        text.Append(entries.Count == 0 ? "images: []\n" : "images:\n");
        foreach (var entry in entries)
        {
            text.Append($"- name: {entry.Key}\n  newName: {entry.Value.Name}\n");
            text.Append(entry.Value.Tag is null ? string.Empty : $"  newTag: \"{entry.Value.Tag}\"\n");
            text.Append(entry.Value.Digest is null ? string.Empty : $"  digest: {entry.Value.Digest}\n");
        }

        return text.ToString();
    }
}
