using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>The signatures that lie beside a manifest, none of them checked.</summary>
/// <param name="Signatures">In the order in which they were found.</param>
/// <param name="Notes">What may explain that one is missing, as sentences: such as that attachments are switched off for this image.</param>
internal sealed record StoredSignatures(IReadOnlyList<FoundSignature> Signatures, IReadOnlyList<string> Notes);
