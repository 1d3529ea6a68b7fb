namespace OciSync.Core.MirrorFiles;

/// <summary>A place at a mirror below which repositories have the names that they have in their registry.</summary>
/// <param name="Host">The mirror.</param>
/// <param name="Path">The path before the names; may be empty.</param>
internal sealed record MirrorBase(MirrorHost Host, string Path)
{
    /// <summary>Host and path, as registries.conf has it.</summary>
    internal string Location => Path.Length == 0 ? Host.Host : Host.Host + "/" + Path;

    /// <summary>The base of a repository that is found as <paramref name="mirrored"/>, or null when it has another name there.</summary>
    internal static MirrorBase? Find(MirrorHost host, string repository, string mirrored) =>
        mirrored == repository ? new MirrorBase(host, string.Empty)
        : mirrored.EndsWith("/" + repository, StringComparison.Ordinal)
            ? new MirrorBase(host, mirrored.Substring(0, mirrored.Length - repository.Length - 1))
            : null;
}
