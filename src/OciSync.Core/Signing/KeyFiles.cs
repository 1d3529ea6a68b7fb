using System.Collections.Concurrent;
using OciSync.Core.Connections;

namespace OciSync.Core.Signing;

/// <summary>
/// The keys and certificates that a policy names, each file read once: what is judged in one run is judged by the same keys. A relative path is
/// meant from the policy's folder, so that one policy means the same wherever a command runs.
/// </summary>
internal sealed class KeyFiles(string folder)
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Whether there is a file of this path, as the policy writes it.</summary>
    internal bool Exists(string path) => path.Length > 0 && File.Exists(Path.Combine(folder, path));

    /// <summary>The content of the files, and what stands in the policy itself.</summary>
    /// <exception cref="IOException">A file can't be read, or is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    internal IReadOnlyList<byte[]> Read(KeySource source) =>
        [.. source.Paths.Select(p => _files.GetOrAdd(p, path => SettingsFile.ReadBytes(Path.Combine(folder, path)))), .. source.Data.Select(d => d.ToArray())];
}
