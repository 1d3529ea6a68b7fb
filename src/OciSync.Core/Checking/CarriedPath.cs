using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Layouts;
using OciSync.Core.Places;
using OciSync.Core.References;

namespace OciSync.Core.Checking;

/// <summary>Tells what a folder or an archive is that was carried here.</summary>
internal static class CarriedPath
{
    /// <summary>The views of it: an archive of Docker's newer engines is two, an OCI layout and Docker's own list of what is for its platform.</summary>
    internal static async Task<IReadOnlyList<ImageLocation>> ReadAsync(RegistryPool pool, string path)
    {
        if (Directory.Exists(path))
        {
            var isLayout = File.Exists(Path.Combine(path, OciLayout.VersionFile)) || File.Exists(Path.Combine(path, LayoutIndex.FileName));
            return [new ImageLocation(isLayout ? ImageTransport.Oci : ImageTransport.Dir, path, null, null)];
        }

        if (!File.Exists(path))
        {
            throw new OciException(OciErrorKind.ManifestUnknown, $"'{path}' does not exist.");
        }

        var oci = new ImageLocation(ImageTransport.OciArchive, path, null, null);
        var docker = new ImageLocation(ImageTransport.DockerArchive, path, null, null);
        if (!await ((DockerArchive)pool.GetSource(docker)).HasListAsync().ConfigureAwait(false))
        {
            return [oci];
        }

        if (!await ((OciArchive)pool.GetSource(oci)).HasIndexAsync().ConfigureAwait(false))
        {
            return [docker];
        }

        // An image without a part for the engine's platform is in the layout alone.
        var list = await ((DockerArchive)pool.GetSource(docker)).ReadIndexAsync(pool.Lifetime).ConfigureAwait(false);
        return list.Items.Count == 0 ? [oci] : [docker, oci];
    }
}
