using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Syncing;

/// <summary>What pairs have in common that share the reading of their source: what is read, as what, and who lets it in.</summary>
internal sealed record SourceKey(string Reference, ImageSelection Selection, ConversionPlan Plan, TrustOptions Trust)
{
    /// <inheritdoc/>
    public bool Equals(SourceKey? other) =>
        other is not null && Reference == other.Reference && Selection == other.Selection && Plan == other.Plan && Trust == other.Trust;

    /// <summary>Of the reference alone, which tells nearly all apart.</summary>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Reference);
}
