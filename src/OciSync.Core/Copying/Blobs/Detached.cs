namespace OciSync.Core.Copying.Blobs;

/// <summary>Not a failure: the destination left a shared read, or didn't take part, and is to be served by a read of its own.</summary>
internal sealed class Detached : Exception
{
    internal static readonly Detached Instance = new();

    private Detached()
    {
    }
}
