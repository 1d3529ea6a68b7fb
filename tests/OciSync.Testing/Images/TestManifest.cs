namespace OciSync.Testing.Images;

/// <summary>A manifest as bytes.</summary>
public sealed record TestManifest(string MediaType, byte[] Bytes)
{
    /// <summary>The sha256 digest.</summary>
    public string Digest { get; init; } = ContentDigest.Of(Bytes);

    /// <summary>The platform it has in an index.</summary>
    public TestPlatform? Platform { get; init; }

    /// <summary>The bytes as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}
