using System.Net;
using System.Net.Http.Headers;

namespace OciSync.Testing.Images;

/// <summary>Pushes several images over the same connections, each blob once.</summary>
public sealed class SeedSession(Uri registry, TestCredentials? credentials = null) : IDisposable
{
    private readonly RawHttp http = new(credentials);
    private readonly HashSet<string> done = new(StringComparer.Ordinal);

    /// <summary>Pushes an image and sets the tags.</summary>
    public async Task PushAsync(TestImage image, string repository, IReadOnlyList<string> tags, CancellationToken cancellationToken = default)
    {
        foreach (var (digest, bytes) in image.Blobs)
        {
            if (done.Add($"{repository}@{digest}"))
            {
                await PushBlobAsync(repository, digest, bytes, cancellationToken);
            }
        }

        foreach (var manifest in image.Manifests.Take(image.Manifests.Count - 1))
        {
            await PushManifestAsync(repository, manifest, manifest.Digest, cancellationToken);
        }

        foreach (var reference in tags.Count == 0 ? [image.Digest] : tags)
        {
            await PushManifestAsync(repository, image.Root, reference, cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private async Task PushBlobAsync(string repository, string digest, byte[] bytes, CancellationToken token)
    {
        var uploads = new Uri(registry, $"v2/{repository}/blobs/uploads/");
        using var start = await http.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, uploads), repository, token);
        await ExpectAsync(start, HttpStatusCode.Accepted, token);
        var location = new Uri(registry, start.Headers.Location!).AbsoluteUri;
        var target = $"{location}{(location.Contains('?') ? '&' : '?')}digest={digest}";
        using var end = await http.SendAsync(() => Put(target, bytes, "application/octet-stream"), repository, token);
        await ExpectAsync(end, HttpStatusCode.Created, token);
    }

    private async Task PushManifestAsync(string repository, TestManifest manifest, string reference, CancellationToken token)
    {
        var target = new Uri(registry, $"v2/{repository}/manifests/{reference}").AbsoluteUri;
        using var response = await http.SendAsync(() => Put(target, manifest.Bytes, manifest.MediaType), repository, token);
        await ExpectAsync(response, HttpStatusCode.Created, token);
    }

    private static HttpRequestMessage Put(string target, byte[] bytes, string mediaType) => new(HttpMethod.Put, target)
    {
        Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
    };

    private static async Task ExpectAsync(HttpResponseMessage response, HttpStatusCode status, CancellationToken token)
    {
        if (response.StatusCode != status)
        {
            var body = await response.Content.ReadAsStringAsync(token);
            throw new HttpRequestException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {body}");
        }
    }
}
