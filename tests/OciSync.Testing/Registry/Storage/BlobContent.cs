namespace OciSync.Testing.Registry.Storage;

/// <summary>The bytes of one blob, wherever they are.</summary>
internal abstract class BlobContent
{
    internal abstract long Length { get; }

    /// <summary>False when only size and digest were kept.</summary>
    internal virtual bool IsReadable => true;

    /// <summary>A new seekable stream over the content.</summary>
    internal abstract Stream OpenRead();

    internal virtual void Delete()
    {
    }
}
