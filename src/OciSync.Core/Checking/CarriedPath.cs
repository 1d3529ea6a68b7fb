using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Transports;

namespace OciSync.Core.Checking;

/// <summary>Tells what a folder is that was carried here.</summary>
internal static class CarriedPath
{
    internal static ImageLocation Read(string path)
    {
        if (Directory.Exists(path))
        {
            var isLayout = File.Exists(Path.Combine(path, OciLayout.VersionFile)) || File.Exists(Path.Combine(path, LayoutIndex.FileName));
            return new ImageLocation(isLayout ? ImageTransport.Oci : ImageTransport.Dir, path, null, null);
        }

        throw File.Exists(path)
            ? new OciException(OciErrorKind.TransportUnsupported, $"'{path}' is a file; a folder of images is expected.")
            : new OciException(OciErrorKind.ManifestUnknown, $"'{path}' does not exist.");
    }
}
