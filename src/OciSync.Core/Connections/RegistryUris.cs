using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Connections;

/// <summary>All URLs of the registry API (distribution-spec 1.1, "API"). Names and digests were checked before; nothing is escaped here.</summary>
internal sealed class RegistryUris(string scheme, string host)
{
    private const string DockerHubApi = "registry-1.docker.io";

    private readonly string _root = scheme + "://" + (host == RegistryHost.DockerHub ? DockerHubApi : host);

    /// <summary>The host that answers for a registry.</summary>
    internal static string HostOf(string registry) => RegistryHost.Split(registry == RegistryHost.DockerHub ? DockerHubApi : registry).Host;

    internal Uri Base => RawUri.Create(_root + "/v2/");

    internal Uri Catalogue => RawUri.Create(_root + "/v2/_catalog");

    internal Uri Manifest(string repository, string reference) => RawUri.Create($"{_root}/v2/{repository}/manifests/{reference}");

    /// <summary>A manifest by its digest, with tags that are to point to it (distribution-spec, "Pushing Manifests").</summary>
    internal Uri TaggedManifest(string repository, Digest digest, IEnumerable<string> tags) =>
        RawUri.Create($"{_root}/v2/{repository}/manifests/{digest}?{string.Join("&", tags.Select(t => "tag=" + t))}");

    internal Uri Blob(string repository, Digest digest) => RawUri.Create($"{_root}/v2/{repository}/blobs/{digest}");

    /// <summary>Where an upload begins; of a digest by another algorithm than sha256 the registry is told which ("digest-algorithm").</summary>
    internal Uri Uploads(string repository, Digest? digest = null) => RawUri.Create(
        $"{_root}/v2/{repository}/blobs/uploads/" + (digest is null || digest.Algorithm == "sha256" ? string.Empty : "?digest-algorithm=" + digest.Algorithm));

    internal Uri Mount(string repository, Digest digest, string from) =>
        RawUri.Create($"{_root}/v2/{repository}/blobs/uploads/?mount={digest}&from={Uri.EscapeDataString(from)}");

    internal Uri Referrers(string repository, Digest digest) => RawUri.Create($"{_root}/v2/{repository}/referrers/{digest}");

    internal Uri Signatures(string repository, Digest digest) => RawUri.Create($"{_root}/extensions/v2/{repository}/signatures/{digest}");

    internal Uri Tags(string repository) => RawUri.Create($"{_root}/v2/{repository}/tags/list");

    /// <summary>Resolves a <c>Location</c> or <c>Link</c> target as it was sent against the URL it came from.</summary>
    internal static Uri Resolve(Uri origin, string location)
    {
        if (location.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || location.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return RawUri.Create(location);
        }

        var authority = origin.Scheme + "://" + origin.Authority;
        if (location.StartsWith("//", StringComparison.Ordinal))
        {
            return RawUri.Create(origin.Scheme + ":" + location);
        }

        if (location.StartsWith("/", StringComparison.Ordinal))
        {
            return RawUri.Create(authority + location);
        }

        var path = origin.AbsolutePath;
        return location.StartsWith("?", StringComparison.Ordinal)
            ? RawUri.Create(authority + path + location)
            : RawUri.Create(authority + path.Substring(0, path.LastIndexOf('/') + 1) + location);
    }

    internal static Uri WithDigest(Uri upload, Digest digest)
    {
        var text = upload.OriginalString;
        return RawUri.Create(text + (text.Contains("?") ? "&" : "?") + "digest=" + Uri.EscapeDataString(digest.ToString()));
    }

    /// <summary>Scheme, host and path: what may be shown; queries carry signatures and tokens.</summary>
    internal static string Redact(Uri uri) => $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}";
}
