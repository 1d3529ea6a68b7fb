using OciSync.Core.References;

namespace OciSync.Core.Manifests;

/// <summary>Tags under which lies what speaks of an image: cosign's, and the fall-back of referrers (distribution-spec 1.1, "Referrers Tag Schema").</summary>
internal static class AttachmentTag
{
    private static readonly string[] Suffixes = [".sig", ".att", ".sbom", string.Empty];

    /// <summary>What a tag <c>sha256-…</c> with <c>.sig</c>, <c>.att</c>, <c>.sbom</c> or nothing behind it speaks of; null for other tags.</summary>
    internal static Digest? FindSubject(string tag)
    {
        var suffix = Array.Find(Suffixes, s => tag.EndsWith(s, StringComparison.Ordinal))!;
        var subject = tag.Substring(0, tag.Length - suffix.Length);
        var dash = subject.IndexOf('-');
        return dash > 0 && Digest.TryParse(subject.Substring(0, dash) + ":" + subject.Substring(dash + 1), out var digest, out _) ? digest : null;
    }
}
