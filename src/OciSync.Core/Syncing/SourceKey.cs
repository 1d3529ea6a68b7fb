using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Syncing;

/// <summary>What pairs have in common that share the reading of their source: what is read, as what, and who lets it in.</summary>
internal sealed record SourceKey(string Reference, ImageSelection Selection, ConversionPlan Plan, TrustOptions Trust);
