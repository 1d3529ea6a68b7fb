namespace OciSync.Testing.Images;

/// <summary>A whole image or artifact: its root, all manifests (children before parents, the root last) and all blobs by digest.</summary>
public sealed record TestImage(IReadOnlyList<TestManifest> Manifests, IReadOnlyDictionary<string, byte[]> Blobs)
{
    /// <summary>What a tag points to.</summary>
    public TestManifest Root => Manifests[^1];

    /// <summary>The root's digest.</summary>
    public string Digest => Root.Digest;

    /// <summary>The manifest for a platform.</summary>
    public TestManifest For(TestPlatform platform) => Manifests.First(manifest => manifest.Platform == platform);
}
