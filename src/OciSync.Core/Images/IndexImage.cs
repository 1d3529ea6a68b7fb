using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>An image that an index names, itself or by an index in it, and what it runs on, where that is known.</summary>
internal sealed record IndexImage(Descriptor Entry, Platform? Platform);
