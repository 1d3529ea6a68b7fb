using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Uploads;

namespace OciSync.Core.Registry;

/// <summary>Writes blobs to one repository (distribution-spec 1.1, "Pushing blobs"): by mount, or by an upload in the registry's way.</summary>
internal sealed class BlobUploader(RegistryClient client)
{
    private static readonly TimeSpan CancelPatience = TimeSpan.FromMilliseconds(500);

    // Whoever is cancelled while a session is asked for waits so long to learn its address: what has none can't be cancelled.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMilliseconds(300);

    /// <summary>Lets the registry take the blob from another of its repositories; false when it does not.</summary>
    internal async Task<bool> TryMountAsync(Digest digest, string from, WorkScope work)
    {
        var request = new RegistryRequest(
            HttpMethod.Post, u => u.Mount(client.Repository, digest, from), new Scope(client.Repository, true, from), client.Context(Question.Mount))
        {
            Content = EmptyContent,
        };
        try
        {
            using var answer = await client.SendAsync(request, work).ConfigureAwait(false);
            if ((int)answer.Status == 201)
            {
                return true;
            }

            // A registry that refuses to mount may still take an upload.
            if ((int)answer.Status == 202)
            {
                await CancelAsync(FindLocation(answer)).ConfigureAwait(false);
            }
            else
            {
                client.Connection.Events.Tell($"'{client.DisplayName}' does not mount {digest} from '{from}' (HTTP {(int)answer.Status}); it is sent.");
            }

            return false;
        }
        catch (OciException e) when (e.StatusCode is >= 400 and < 500 and not 429)
        {
            // The login may not read the other repository, for instance: that is no reason against an upload.
            client.Connection.Events.Tell($"'{client.DisplayName}' does not mount {digest} from '{from}': {e.Message}");
            return false;
        }
    }

    /// <summary>Uploads a blob from a feed, once. An upload that does not end well is cancelled at the registry, or noted, to be gone on with.</summary>
    internal async Task UploadAsync(Descriptor blob, IBlobFeed feed, Action<int> onSent, WorkScope work)
    {
        var connection = client.Connection;
        var isLarge = blob.Size >= connection.Options.ResumeThreshold && connection.UploadStyle != UploadStyle.SinglePatch && !connection.Chunks.IsRefused;
        if (isLarge || connection.UploadStyle == UploadStyle.Chunked)
        {
            await new ChunkedUpload(this, client, blob, isLarge).RunAsync(feed, onSent, work).ConfigureAwait(false);
            return;
        }

        var style = connection.UploadStyle;
        var (location, _) = await StartPatientlyAsync(blob.Digest, work).ConfigureAwait(false);
        try
        {
            work.Token.ThrowIfCancellationRequested();
            if (style == UploadStyle.SinglePatch)
            {
                location = (await PatchAsync(location, feed, -1, blob.Size, onSent, work.Token).ConfigureAwait(false)).Location;
            }

            await FinishAsync(location, blob, feed, style == UploadStyle.Monolithic ? blob.Size : 0, onSent, work.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await CancelAsync(location).ConfigureAwait(false);
            if (e is OciException failure && UploadStyles.After(style, failure) is { } next)
            {
                connection.Events.Tell($"'{connection.Host}' refuses the upload ({failure.StatusCode}); from now on blobs go there as {next}.");
                connection.UploadStyle = next;
                throw Again(failure);
            }

            throw;
        }
    }

    /// <summary>The same failure, which another attempt at once, in another way, may mend.</summary>
    internal static OciException Again(OciException failure) =>
        failure.With(isTransient: true, retryAfter: TimeSpan.Zero);

    /// <summary>Starts an upload and cancels it: whether we may write.</summary>
    internal async Task ProbeAsync(CancellationToken cancellationToken) =>
        await CancelAsync((await StartAsync(null, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false)).Location).ConfigureAwait(false);

    /// <summary>Begins a session; who is cancelled meanwhile still learns its address.</summary>
    internal async Task<(Uri Location, string? ChunkMinimum)> StartPatientlyAsync(Digest digest, WorkScope work)
    {
        work.Token.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource();
        var start = StartAsync(digest, work.With(late.Token));
        try
        {
            return await start.JoinAsync(work.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            await start.EndOrAsync(StartPatience, client.Connection.Options.Time, CancellationToken.None).ConfigureAwait(false);
            late.Cancel();
            return await start.ConfigureAwait(false);
        }
    }

    private async Task<(Uri Location, string? ChunkMinimum)> StartAsync(Digest? digest, WorkScope work)
    {
        var request = new RegistryRequest(
            HttpMethod.Post, u => u.Uploads(client.Repository, digest), Scope.PullPush(client.Repository), client.Context(Question.UploadBegin))
        {
            Content = EmptyContent,
        };
        using var answer = await client.SendAsync(request, work).ConfigureAwait(false);
        var location = FindLocation(answer)
            ?? throw new OciException(OciErrorKind.ProtocolError, $"'{client.Connection.Host}' started an upload without saying where to send it.");
        return (location, answer.Header("OCI-Chunk-Min-Length"));
    }

    /// <summary>Asks a session how much it has; null when it is gone, or can't say.</summary>
    internal async Task<(Uri Location, long Offset)?> AskAsync(Uri location, WorkScope work)
    {
        var request = new RegistryRequest(
            HttpMethod.Get, _ => location, Scope.PullPush(client.Repository), client.Context(Question.UploadStatus));
        try
        {
            using var answer = await client.SendAsync(request, work).ConfigureAwait(false);
            return (int)answer.Status is 200 or 204 && UploadRange.ReadEnd(answer.Header("Range")) is { } offset
                ? (FindLocation(answer) ?? location, offset)
                : null;
        }
        catch (OciException e) when (e.Kind == OciErrorKind.ProtocolError || location.Authority != client.Connection.ApiAuthority)
        {
            return null;
        }
    }

    /// <summary>Sends a part; gives the session's next address and how much the registry says it has, if it says that.</summary>
    internal async Task<(Uri Location, long? Offset)> PatchAsync(
        Uri location, IBlobFeed feed, long from, long count, Action<int> onSent, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            new HttpMethod("PATCH"), _ => location, Scope.PullPush(client.Repository), client.Context(Question.UploadPart))
        {
            IsOneShot = true,
            Content = watch => RangedContent(feed, from, count, watch, onSent),
        };
        using var answer = await client.Connection.SendAsync(request, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        return (FindLocation(answer) ?? location, UploadRange.ReadEnd(answer.Header("Range")));
    }

    /// <summary>The last request of an upload, with the digest that the registry checks.</summary>
    internal async Task FinishAsync(Uri location, Descriptor blob, IBlobFeed feed, long count, Action<int> onSent, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            HttpMethod.Put, _ => RegistryUris.WithDigest(location, blob.Digest), Scope.PullPush(client.Repository), client.Context(Question.UploadEnd))
        {
            IsOneShot = true,
            Content = watch => new UploadContent(feed, count, watch, onSent, client.Connection.Uploads),
        };
        using var answer = await client.Connection.SendAsync(request, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
    }

    // Best effort and short: a session that stays is removed by the registry in time.
    // A registry that mounted a blob but says otherwise may name the blob itself: that is nothing to be deleted.
    internal async Task CancelAsync(Uri? location)
    {
        if (location is null || Uri.UnescapeDataString(location.OriginalString.Split('?')[0]).Contains("/blobs/sha"))
        {
            return;
        }

        using var patience = client.Connection.Options.Time.EndAfter(CancelPatience);
        var request = new RegistryRequest(
            HttpMethod.Delete, _ => location, Scope.PullPush(client.Repository), client.Context(Question.UploadCancel));
        try
        {
            using var answer = await client.Connection.SendAsync(request, WorkScope.Uncounted(patience.Token)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            client.Connection.Events.Tell($"An upload to '{client.DisplayName}' could not be cancelled there; the registry removes it in time.");
        }
    }

    private static Uri? FindLocation(HttpAnswer answer)
    {
        try
        {
            return answer.Location is { Length: > 0 } location ? RegistryUris.Resolve(answer.Uri, location) : null;
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
