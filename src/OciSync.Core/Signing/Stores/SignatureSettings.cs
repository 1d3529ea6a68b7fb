namespace OciSync.Core.Signing.Stores;

/// <summary>Where the signatures of an image in a registry are, as registries.d says; each answer is of the narrowest scope that gives one.</summary>
/// <param name="Lookaside">The address below which signatures are read.</param>
/// <param name="Staging">The address below which signatures are written.</param>
/// <param name="UseAttachments">Whether sigstore's attachments are read and written.</param>
/// <param name="AttachmentsPlace">Who says so; null when nobody does.</param>
internal sealed record SignatureSettings(PlacedText Lookaside, PlacedText Staging, bool UseAttachments, PlacedText? AttachmentsPlace);
