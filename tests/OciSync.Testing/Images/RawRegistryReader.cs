using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OciSync.Testing.Images;

/// <summary>Reads registries by raw HTTP and believes nothing: the judge of what others copied.</summary>
public sealed class RawRegistryReader(Uri registry, TestCredentials? credentials = null) : IDisposable
{
    private readonly RawHttp http = new(credentials);

    /// <summary>Gets a manifest by tag or digest; its digest is computed and compared with the header.</summary>
    public async Task<RawManifest> GetManifestAsync(string repository, string reference, CancellationToken cancellationToken = default)
    {
        using var response = await GetAsync(repository, $"manifests/{reference}", cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var digest = ContentDigest.Of(bytes);
        var claims = response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values : [];
        if (claims.Any(claim => claim != digest) || (reference.Contains(':') && reference != digest))
        {
            throw new InvalidDataException($"{repository}:{reference} has the digest {digest}, the registry says otherwise.");
        }

        return new RawManifest(digest, response.Content.Headers.ContentType?.MediaType ?? "", bytes);
    }

    /// <summary>Walks an image down to its blobs, verifies each size and digest, and gives all digests, the root first.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync(string repository, string reference, CancellationToken cancellationToken = default)
    {
        var found = new List<string>();
        await WalkAsync(repository, await GetManifestAsync(repository, reference, cancellationToken), found, cancellationToken);
        return found;
    }

    /// <summary>The tags as one answer lists them.</summary>
    public async Task<IReadOnlyList<string>> GetTagsAsync(string repository, CancellationToken cancellationToken = default)
    {
        using var response = await GetAsync(repository, "tags/list", cancellationToken);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return [.. (json?["tags"] as JsonArray ?? []).Select(tag => (string)tag!)];
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private async Task WalkAsync(string repository, RawManifest manifest, List<string> found, CancellationToken token)
    {
        if (found.Contains(manifest.Digest))
        {
            return;
        }

        found.Add(manifest.Digest);
        var json = JsonNode.Parse(manifest.Bytes)!.AsObject();
        foreach (var entry in json["manifests"] as JsonArray ?? [])
        {
            var child = await GetManifestAsync(repository, (string)entry!["digest"]!, token);
            CheckSize(entry, child.Bytes.Length);
            await WalkAsync(repository, child, found, token);
        }

        var layers = json["layers"] as JsonArray ?? [];
        foreach (var blob in layers.Prepend(json["config"]).OfType<JsonObject>().Where(blob => blob["urls"] is null))
        {
            var digest = (string)blob["digest"]!;
            if (!found.Contains(digest))
            {
                await VerifyBlobAsync(repository, blob, digest, token);
                found.Add(digest);
            }
        }
    }

    private async Task VerifyBlobAsync(string repository, JsonObject blob, string digest, CancellationToken token)
    {
        using var response = await GetAsync(repository, $"blobs/{digest}", token);
        await using var stream = await response.Content.ReadAsStreamAsync(token);
        using var hash = IncrementalHash.CreateHash(
            digest.StartsWith("sha512:", StringComparison.Ordinal) ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var size = 0L;
        while (await stream.ReadAsync(buffer, token) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            size += count;
        }

        CheckSize(blob, size);
        if (ContentDigest.FromHash(digest.Split(':')[0], hash.GetHashAndReset()) != digest)
        {
            throw new InvalidDataException($"The blob {digest} of {repository} has other content.");
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string repository, string path, CancellationToken token)
    {
        HttpRequestMessage Make()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(registry, $"v2/{repository}/{path}"));
            if (path.StartsWith("manifests/", StringComparison.Ordinal))
            {
                request.Headers.TryAddWithoutValidation("Accept", MediaTypes.Manifests);
            }

            return request;
        }

        var response = await http.SendAsync(Make, repository, token);
        if (!response.IsSuccessStatusCode)
        {
            using (response)
            {
                throw new HttpRequestException($"GET {repository}/{path}: {(int)response.StatusCode}", null, response.StatusCode);
            }
        }

        return response;
    }

    private static void CheckSize(JsonNode descriptor, long size)
    {
        if ((long?)descriptor["size"] != size)
        {
            throw new InvalidDataException($"{descriptor["digest"]} has {size} bytes, its descriptor says {descriptor["size"]}.");
        }
    }
}
