namespace OciSync.Testing.Registry.Storage;

/// <summary>A blob of any size whose pseudo-random bytes are made while they are read.</summary>
internal sealed class SyntheticBlob(long length, int seed) : BlobContent
{
    private readonly byte[] pattern = SyntheticStream.MakePattern(seed);

    internal override long Length => length;

    internal override Stream OpenRead() => new SyntheticStream(pattern, length);
}
