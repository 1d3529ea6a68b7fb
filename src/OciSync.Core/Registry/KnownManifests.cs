using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <summary>
/// Manifests that somebody else keeps, verified: by their digests they are not asked for again. A run reads each once by itself; a server reads an image for
/// clients before it brings it, and registries count what is read.
/// </summary>
/// <param name="Find">One by registry, repository and digest; or null.</param>
/// <param name="Keep">Offers one that was read.</param>
internal sealed record KnownManifests(Func<string, string, Digest, Manifest?> Find, Action<string, string, Manifest> Keep);
