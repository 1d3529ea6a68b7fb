namespace OciSync.Core.Signing;

/// <summary>Where keys or certificates come from: files by their paths as written, and what stands in the policy itself.</summary>
/// <param name="Paths">The files; a relative path is meant from the folder of the policy.</param>
/// <param name="Data">The keys in the policy, out of base64.</param>
internal sealed record KeySource(IReadOnlyList<string> Paths, IReadOnlyList<ReadOnlyMemory<byte>> Data)
{
    /// <summary>There is no key: nothing can be signed by one of them.</summary>
    internal bool IsEmpty => Paths.Count == 0 && Data.Count == 0;

    /// <summary>Files of these paths.</summary>
    internal static KeySource OfFiles(params string[] paths) => new(paths, []);

    /// <summary>Keys of the policy itself.</summary>
    internal static KeySource OfData(params byte[][] data) => new([], [.. data.Select(d => new ReadOnlyMemory<byte>(d))]);

    /// <inheritdoc/>
    public override string ToString() => IsEmpty ? "no key" : string.Join(", ", Paths.Concat(Data.Select(d => $"key in the policy ({d.Length} bytes)")));
}
