using OciSync.Core.References;

namespace OciSync.Core.MirrorFiles;

/// <summary>An image, and where it is at the mirror.</summary>
/// <param name="Source">The name that machines ask for.</param>
/// <param name="Mirror">The name it has at the mirror; without a tag it is a repository.</param>
public sealed record MirrorRoute(ImageReference Source, ImageReference Mirror)
{
    // Configurations lead repositories elsewhere, and no tags.
    internal bool RenamesTag => Source.Tag is { } from && Mirror.Tag is { } to && from != to;

    /// <inheritdoc/>
    public override string ToString() => $"'{Source}' -> '{Mirror}'";
}
