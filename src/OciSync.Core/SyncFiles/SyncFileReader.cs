using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>Tells formats apart by their content and hands the file to its reader.</summary>
internal static class SyncFileReader
{
    internal const string Marker = "ocisync";

    internal static (SyncFileFormat Format, SyncFileContent Content) Read(YamlNode root, SyncFileContext context)
    {
        var format = Detect(root);
        var content = format switch
        {
            SyncFileFormat.OciSync => new OciSyncFileReader(context).Read(root),
            SyncFileFormat.Skopeo => new SkopeoFileReader(context).Read(root),
            _ => new SyncImageFileReader(context, format == SyncFileFormat.SyncImage2026).Read(root),
        };
        return (format, content);
    }

    // sync-image has its images below "images", by registry; ours has a marker; the rest is skopeo's, registries at the top.
    private static SyncFileFormat Detect(YamlNode root)
    {
        var keys = root.Pairs.Select(p => p.Key.Text).ToList();
        if (keys.Contains(Marker))
        {
            return SyncFileFormat.OciSync;
        }

        if (!keys.Contains("images"))
        {
            return SyncFileFormat.Skopeo;
        }

        return keys.Intersect(SyncImageFileReader.KeysOf2026, StringComparer.Ordinal).Any()
            && !keys.Intersect(SyncImageFileReader.KeysOf2023, StringComparer.Ordinal).Any()
            ? SyncFileFormat.SyncImage2026
            : SyncFileFormat.SyncImage2023;
    }
}
