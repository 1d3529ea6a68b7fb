using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Transports;
using OciSync.Core.Transports.Archives;

namespace OciSync.Core.Checking;

/// <summary>Tells what a folder or an archive is that was carried here.</summary>
internal static class CarriedPath
{
    internal static async Task<ImageLocation> ReadAsync(RegistryPool pool, string path)
    {
        if (Directory.Exists(path))
        {
            var isLayout = File.Exists(Path.Combine(path, OciLayout.VersionFile)) || File.Exists(Path.Combine(path, LayoutIndex.FileName));
            return new ImageLocation(isLayout ? ImageTransport.Oci : ImageTransport.Dir, path, null, null);
        }

        if (!File.Exists(path))
        {
            throw new OciException(OciErrorKind.ManifestUnknown, $"'{path}' does not exist.");
        }

        // Docker writes archives that are both: its own list names the images as users know them.
        var archive = new ImageLocation(ImageTransport.DockerArchive, path, null, null);
        return await ((DockerArchive)pool.GetSource(archive)).HasListAsync().ConfigureAwait(false) ? archive : new ImageLocation(ImageTransport.OciArchive, path, null, null);
    }
}
