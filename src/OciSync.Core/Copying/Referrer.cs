using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>Something that speaks of a manifest, as the source has it.</summary>
/// <param name="Subject">The manifest.</param>
/// <param name="Tree">The referrer and all below it.</param>
/// <param name="Tag">The tag that makes it one, where it is one of cosign's; null for one that names its subject.</param>
internal sealed record Referrer(Digest Subject, ImageTree Tree, string? Tag)
{
    internal Digest Digest => Tree.Root.Digest;
}
