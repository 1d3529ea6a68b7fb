using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Http;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <summary>Writes blobs to one repository (distribution-spec 1.1, "Pushing blobs"): by mount, or by an upload in the registry's way.</summary>
internal sealed class BlobUploader(RegistryClient client)
{
    private static readonly TimeSpan CancelPatience = TimeSpan.FromMilliseconds(500);

    // Whoever is cancelled while a session is asked for waits so long to learn its address: what has none can't be cancelled.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMilliseconds(300);

    /// <summary>Lets the registry take the blob from another of its repositories; false when it does not.</summary>
    internal async Task<bool> TryMountAsync(Digest digest, string from, Action? onRetry, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            HttpMethod.Post, u => u.Mount(client.Repository, digest, from), new Scope(client.Repository, true, from), client.Context(RequestContext.BlobWrite))
        {
            Accepted = [201, 202],
            Content = EmptyContent,
        };
        try
        {
            using var answer = await client.SendAsync(request, onRetry, cancellationToken).ConfigureAwait(false);
            if ((int)answer.Status == 201)
            {
                return true;
            }

            await CancelAsync(FindLocation(answer)).ConfigureAwait(false);
            return false;
        }
        catch (OciException e) when (e.StatusCode is >= 400 and < 500 and not 429)
        {
            // A registry that refuses to mount may still take an upload.
            client.Connection.Events.Decide($"'{client.DisplayName}' does not mount {digest} from '{from}': {e.Message}");
            return false;
        }
    }

    /// <summary>Uploads a blob from a feed, once. An upload that does not end well is cancelled at the registry.</summary>
    internal async Task UploadAsync(Descriptor blob, IBlobFeed feed, Action<int> onSent, Action? onRetry, CancellationToken cancellationToken)
    {
        var style = client.Connection.UploadStyle;
        var location = await StartPatientlyAsync(onRetry, cancellationToken).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (style == UploadStyle.Monolithic)
            {
                await FinishAsync(location, blob, feed, blob.Size, onSent, cancellationToken).ConfigureAwait(false);
                return;
            }

            var step = style == UploadStyle.SinglePatch ? long.MaxValue : client.Connection.Options.ChunkSize;
            for (long sent = 0; sent < blob.Size; sent += step)
            {
                var range = style == UploadStyle.Chunked ? (From: sent, Count: Math.Min(step, blob.Size - sent)) : (From: -1, Count: blob.Size);
                location = await PatchAsync(location, feed, range.From, range.Count, onSent, cancellationToken).ConfigureAwait(false);
                if (style == UploadStyle.SinglePatch)
                {
                    break;
                }
            }

            await FinishAsync(location, blob, feed, 0, onSent, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await CancelAsync(location).ConfigureAwait(false);
            if (e is OciException failure && UploadStyles.After(style, failure) is { } next)
            {
                client.Connection.Events.Decide($"'{client.Connection.Host}' refuses the upload ({failure.StatusCode}); from now on blobs go there as {next}.");
                client.Connection.UploadStyle = next;
                throw new OciException(failure.Kind, failure.Message, failure) { StatusCode = failure.StatusCode, IsTransient = true, RetryAfter = TimeSpan.Zero };
            }

            throw;
        }
    }

    /// <summary>Starts an upload and cancels it: whether we may write.</summary>
    internal async Task ProbeAsync(CancellationToken cancellationToken) =>
        await CancelAsync(await StartAsync(null, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task<Uri> StartPatientlyAsync(Action? onRetry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource();
        using (cancellationToken.Register(() => late.CancelAfter(StartPatience)))
        {
            return await StartAsync(onRetry, late.Token).ConfigureAwait(false);
        }
    }

    private async Task<Uri> StartAsync(Action? onRetry, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            HttpMethod.Post, u => u.Uploads(client.Repository), Scope.PullPush(client.Repository), client.Context(RequestContext.BlobWrite))
        {
            Accepted = [202],
            Content = EmptyContent,
        };
        using var answer = await client.SendAsync(request, onRetry, cancellationToken).ConfigureAwait(false);
        return FindLocation(answer)
            ?? throw new OciException(OciErrorKind.ProtocolError, $"'{client.Connection.Host}' started an upload without saying where to send it.");
    }

    private async Task<Uri> PatchAsync(
        Uri location, IBlobFeed feed, long from, long count, Action<int> onSent, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            new HttpMethod("PATCH"), _ => location, Scope.PullPush(client.Repository), client.Context(RequestContext.BlobWrite))
        {
            Accepted = [200, 201, 202, 204],
            IsOneShot = true,
            Content = watch => RangedContent(feed, from, count, watch, onSent),
        };
        using var answer = await client.Connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return FindLocation(answer) ?? location;
    }

    private async Task FinishAsync(Uri location, Descriptor blob, IBlobFeed feed, long count, Action<int> onSent, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            HttpMethod.Put, _ => RegistryUris.WithDigest(location, blob.Digest), Scope.PullPush(client.Repository), client.Context(RequestContext.BlobWrite))
        {
            Accepted = [200, 201, 202, 204],
            IsOneShot = true,
            Content = watch => new UploadContent(feed, count, watch, onSent, client.Connection.Uploads),
        };
        using var answer = await client.Connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    // Best effort and short: a session that stays is removed by the registry in time.
    private async Task CancelAsync(Uri? location)
    {
        if (location is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(CancelPatience);
        var request = new RegistryRequest(
            HttpMethod.Delete, _ => location, Scope.PullPush(client.Repository), client.Context(RequestContext.BlobWrite)) { Accepted = [200, 202, 204] };
        try
        {
            using var answer = await client.Connection.SendAsync(request, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            client.Connection.Events.Decide($"An upload to '{client.DisplayName}' could not be cancelled there; the registry removes it in time.");
        }
    }

    private static Uri? FindLocation(HttpAnswer answer)
    {
        try
        {
            return answer.Header("Location") is { Length: > 0 } location ? RegistryUris.Resolve(answer.Uri, location) : null;
        }
        catch (UriFormatException)
        {
            // An unusable address is as good as none.
            return null;
        }
    }

    private UploadContent RangedContent(IBlobFeed feed, long from, long count, StallWatch watch, Action<int> onSent)
    {
        var content = new UploadContent(feed, count, watch, onSent, client.Connection.Uploads);
        if (from >= 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Range", $"{from}-{from + count - 1}");
        }

        return content;
    }

    private static ByteArrayContent EmptyContent(StallWatch watch)
    {
        watch.Arm();
        return new ByteArrayContent([]);
    }
}
