using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>Several sources that would have one name at a destination.</summary>
internal static class NameCollision
{
    // One folder for names that differ in their letters' case, whatever -Naming. Images that are equal would come back under one name too.
    internal static bool IsCased(IReadOnlyList<SyncPair> pairs)
    {
        var first = pairs[0].Destination;
        return first.Transport == ImageTransport.Dir
            && pairs.Any(p =>
                p.Destination.FileName == first.FileName && Path.GetFileName(p.Destination.Path) != Path.GetFileName(first.Path));
    }

    /// <summary>The failure that names the sources that would have one name, and how they are kept apart.</summary>
    internal static OciException Create(string names, SyncPair pair, bool isCased) => new(
        OciErrorKind.NameCollision,
        isCased
            ? $"{names} would all be '{pair.Destination}', as Windows doesn't tell upper and lower case apart. "
                + "Use another folder for one of them, or a layout (oci:), which keeps such names apart."
            : $"{names} are different images and would all be '{pair.Destination}' (or have the same -AdditionalTag there). "
                + "Keep them apart with -Naming Path, Full or Flat, or by a script block that gives them different names.");
}
