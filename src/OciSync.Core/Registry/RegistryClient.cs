using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <summary>The operations on one repository (distribution-spec 1.1). What has no body is tried again by itself; blobs are the caller's to repeat.</summary>
internal sealed partial class RegistryClient : IImageSource, IImageDestination, IReferrerStore
{
    private const string FirstByte = "bytes=0-0";
    private const int MostLooks = 3;

    private readonly string _registryName;
    private readonly string _repositoryName;
    private readonly MirroredReads _reads;
    private readonly Scope _pull;

    /// <param name="connection">The registry.</param>
    /// <param name="repository">The path of the repository there.</param>
    /// <param name="registryName">The registry's name as the user knows it, for messages.</param>
    /// <param name="repositoryName">The repository's name as the user knows it, for messages.</param>
    internal RegistryClient(RegistryConnection connection, string repository, string registryName, string repositoryName)
    {
        Connection = connection;
        Repository = repository;
        _registryName = registryName;
        _repositoryName = repositoryName;
        Made = new SingleFlight<Digest, bool>(connection.Lifetime);
        _reads = new MirroredReads(this, []);
        _pull = Scope.Pull(repository);
    }

    private RegistryClient(RegistryClient primary, IReadOnlyList<RegistryClient> mirrors)
    {
        Connection = primary.Connection;
        Repository = primary.Repository;
        _registryName = primary._registryName;
        _repositoryName = primary._repositoryName;
        Made = primary.Made;
        Known = primary.Known;
        _reads = new MirroredReads(primary, mirrors);
        _pull = primary._pull;
    }

    internal RegistryConnection Connection { get; }

    IImageHost IImageStore.Connection => Connection;

    public string Repository { get; }

    /// <summary>Whether it is a mirror: it is read in place of the registry that the image names.</summary>
    internal bool IsMirror { get; init; }

    /// <summary>Whether images are written to this repository; then its 404 for a manifest is believed without asking again.</summary>
    internal bool IsDestination { get; init; }

    public SingleFlight<Digest, bool> Made { get; }

    /// <summary>Manifests that need not be asked for; or null.</summary>
    internal KnownManifests? Known { get; init; }

    /// <summary>Names this repository in the whole run.</summary>
    public string Key => Connection.Host + "/" + Repository;

    /// <summary>The same repository; manifests and blobs are read from these first, in this order.</summary>
    internal RegistryClient WithMirrors(IReadOnlyList<RegistryClient> mirrors) => new(this, mirrors);

    public string DisplayName => _registryName + "/" + _repositoryName;

    /// <summary>The digest and type of a manifest, or null when there is none of this tag or digest.</summary>
    public Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work) =>
        _reads.FindAsync(c => c.HeadHereAsync(reference, work), () => Missing(reference));

    /// <summary>A manifest with its bytes verified. <exception cref="OciException">There is none, or its bytes don't match.</exception></summary>
    public async Task<Manifest> GetManifestAsync(string reference, WorkScope work)
    {
        if (Known is not null && Digest.TryParse(reference, out var digest, out _) && Known.Find(_registryName, _repositoryName, digest!) is { } known)
        {
            return known;
        }

        var read = await _reads.FindAsync(c => c.FindManifestAsync(reference, work), () => Missing(reference)).ConfigureAwait(false)
            ?? throw Missing(reference);
        Known?.Keep(_registryName, _repositoryName, read);
        return read;
    }

    private async Task<ManifestHead?> HeadHereAsync(string reference, WorkScope work)
    {
        var request = ManifestRequest(HttpMethod.Head, reference, Question.ManifestHead);
        using var answer = await SendAsync(request, work).ConfigureAwait(false);
        if ((int)answer.Status == 200 && Digest.TryParse(answer.Header("Docker-Content-Digest") ?? string.Empty, out var digest, out _))
        {
            CheckStated(digest!, reference);
            return new ManifestHead(digest!, answer.MediaType);
        }

        // Where an image goes, a registry's own 404 is enough: if it is wrong, the manifest is written once more, and no harm is done.
        if (IsDestination && (int)answer.Status == 404 && answer.IsOfRegistry)
        {
            return null;
        }

        // A registry that says no digest here, or a proxy that doesn't pass on a HEAD, has to send the manifest.
        try
        {
            var manifest = await FindManifestAsync(reference, work).ConfigureAwait(false);
            return manifest is null ? null : new ManifestHead(manifest.Digest, manifest.MediaType);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.RepositoryUnknown && (int)answer.Status == 404)
        {
            // Both say that there is nothing.
            return null;
        }
    }

    public OciException Missing(string reference) => RegistryFailure.Missing(Context(Question.ManifestRead, reference));

    /// <summary>Writes a manifest under a tag or its digest.</summary>
    public async Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work)
    {
        var request = new RegistryRequest(
            HttpMethod.Put, u => u.Manifest(Repository, reference), Scope.PullPush(Repository), Context(Question.ManifestWrite, reference))
        {
            Content = watch => BytesContent(manifest, watch),
        };
        using var answer = await SendManifestAsync(request, manifest, reference, work).ConfigureAwait(false);
        Connection.KeepsReferrers |= manifest.Subject is not null && answer.Header("OCI-Subject") is not null;
        var stated = answer.Header("Docker-Content-Digest");
        if ((int)answer.Status != 201 && stated is null && (await HeadHereAsync(reference, work).ConfigureAwait(false))?.Digest != manifest.Digest)
        {
            // A proxy's page, for instance: 201 is what a registry says.
            throw new OciException(
                OciErrorKind.ProtocolError,
                $"'{Describe(reference)}' was not stored, although the answer was {(int)answer.Status}: something between here and the registry gave it.")
            { StatusCode = (int)answer.Status };
        }

        if (stated is not null && stated != manifest.Digest.ToString() && stated.StartsWith(manifest.Digest.Algorithm + ":", StringComparison.Ordinal))
        {
            throw new OciException(
                OciErrorKind.DigestMismatch, $"'{Describe(reference)}' was stored as {stated} although {manifest.Digest} was sent: the registry changed it.");
        }
    }

    /// <summary>Writes a manifest by its digest, and tags with it; gives the tags that the registry says it has taken, if any.</summary>
    internal async Task<IReadOnlyList<string>> PutTaggedAsync(Manifest manifest, IReadOnlyList<string> tags, WorkScope work)
    {
        var request = new RegistryRequest(
            HttpMethod.Put,
            u => u.TaggedManifest(Repository, manifest.Digest, tags),
            Scope.PullPush(Repository),
            Context(Question.ManifestWrite, manifest.Digest.ToString()))
        {
            Content = watch => BytesContent(manifest, watch),
        };
        using var answer = await SendManifestAsync(request, manifest, manifest.Digest.ToString(), work).ConfigureAwait(false);
        var taken = answer.Headers("OCI-Tag").SelectMany(h => h.Split(',')).Select(t => t.Trim()).ToList();
        return (int)answer.Status == 201 ? tags.Where(taken.Contains).ToList() : [];
    }

    // Few registries take manifests by another digest than sha256: what the others say of it is told in words that help.
    private async Task<HttpAnswer> SendManifestAsync(RegistryRequest request, Manifest manifest, string reference, WorkScope work)
    {
        try
        {
            return await SendSettledAsync(request, work).ConfigureAwait(false);
        }
        catch (OciException e) when (manifest.Digest.Algorithm != "sha256" && reference == manifest.Digest.ToString() && e.StatusCode == 400)
        {
            throw new OciException(
                OciErrorKind.ManifestRefused,
                $"'{Connection.Host}' takes no manifest by a {manifest.Digest.Algorithm} digest, as docker-registry doesn't: '{DisplayName}' can't get this "
                    + $"image. A layout (oci:path) takes it. It said: {e.Message}",
                e);
        }
    }

    // docker-registry empties the file that says that a repository has a blob and writes it anew when the blob is sent again, by whomever: who looks in
    // between is told that the blob is unknown, and beside it that a digest is invalid. It is there a moment later.
    private async Task<HttpAnswer> SendSettledAsync(RegistryRequest request, WorkScope work)
    {
        for (var looks = 0; ; looks++)
        {
            try
            {
                return await SendAsync(request, work).ConfigureAwait(false);
            }
            catch (OciException e) when (looks < MostLooks && e.Kind == OciErrorKind.BlobUnknown && e.Codes.Contains("DIGEST_INVALID"))
            {
                work.CountRetry();
                await Connection.Options.Time.DelayAsync(SettleTime, work.Token).ConfigureAwait(false);
            }
        }
    }

    internal async Task<bool> HasBlobAsync(Digest digest, WorkScope work)
    {
        var request = BlobRequest(HttpMethod.Head, digest, Question.BlobHead);
        using var answer = await SendAsync(request, work).ConfigureAwait(false);
        return AnswerRules.Of(Question.BlobHead, (int)answer.Status) == AnswerMeaning.OtherWay
            ? await CanReadFirstByteAsync(digest, work).ConfigureAwait(false)
            : (int)answer.Status == 200;
    }

    public Task<bool> HasBlobAsync(Descriptor blob, WorkScope work) => HasBlobAsync(blob.Digest, work);

    /// <summary>Whether the registry can really read the blob's first byte; a HEAD may answer from memory.</summary>
    public Task<bool> CanReadBlobAsync(Descriptor blob, WorkScope work) =>
        blob.Size == 0 ? HasBlobAsync(blob.Digest, work) : CanReadFirstByteAsync(blob.Digest, work);

    private async Task<bool> CanReadFirstByteAsync(Digest digest, WorkScope work)
    {
        var request = BlobRequest(HttpMethod.Get, digest, Question.BlobProbe, FirstByte);
        using var answer = await SendAsync(request, work).ConfigureAwait(false);
        try
        {
            return (int)answer.Status is 200 or 206 && await answer.ReadAsync(new byte[1], 0, 1, work.Token).ConfigureAwait(false) == 1;
        }
        catch (OciException e) when (e.IsTransient)
        {
            // It said yes, from memory, and then could not read.
            return false;
        }
    }

    public Task<bool> TryMountAsync(Digest digest, string from, WorkScope work) => new BlobUploader(this).TryMountAsync(digest, from, work);

    public Task UploadAsync(Descriptor blob, IBlobFeed feed, Action<int> onSent, WorkScope work) =>
        new BlobUploader(this).UploadAsync(blob, feed, onSent, work);

    /// <summary>Starts to read a blob at an offset, once. The caller verifies what it reads, and tells of a mirror that spoils it.</summary>
    public Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        _reads.OpenAsync(digest, async c =>
        {
            var answer = await c.OpenBlobHereAsync(digest, offset, cancellationToken).ConfigureAwait(false);
            return new OpenedBlob(c.InParts(answer, digest, offset), c.IsMirror ? c : null);
        });

    // Where a round trip is long, and the answer shows that parts are to be had: it says so, or is one itself.
    private IBlobContent InParts(HttpAnswer answer, Digest digest, long offset)
    {
        var start = answer.IsFromOffset ? answer.RangeStart ?? offset : 0;
        return Connection.IsFar && Connection.TakesParts && Connection.Downloads is null
            && answer.ContentLength is { } length && PartedContent.IsWorth(length, Connection.Options.PartSize)
            && (answer.RangeTotal ?? start + length) == start + length
            && (answer.IsFromOffset || answer.Header("Accept-Ranges") == "bytes")
            ? new PartedContent(answer, start, new BlobParts(this, digest, start + length))
            : answer;
    }

    /// <summary>Asks for a part of a blob; whatever of it comes is for the caller to judge.</summary>
    internal Task<HttpAnswer> OpenRangeAsync(Digest digest, long from, int count, CancellationToken cancellationToken) =>
        Connection.SendAsync(
            BlobRequest(HttpMethod.Get, digest, Question.BlobRead, $"bytes={from}-{from + count - 1}"), WorkScope.Uncounted(cancellationToken));

    private async Task<HttpAnswer> OpenBlobHereAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        var request = BlobRequest(HttpMethod.Get, digest, Question.BlobRead, offset > 0 ? $"bytes={offset}-" : null);
        var answer = await Connection.SendAsync(request, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        if ((int)answer.Status != 416)
        {
            return answer;
        }

        using (answer)
        {
            // It serves no parts, or not this one: the whole then, from its beginning.
            return offset > 0
                ? await OpenBlobHereAsync(digest, 0, cancellationToken).ConfigureAwait(false)
                : throw RegistryFailure.From(answer, [], request.Context);
        }
    }

    /// <summary>A mirror broke off in the middle of a blob, or sent other bytes.</summary>
    public void Spoil(IImageSource mirror, Digest digest, OciException fault) => _reads.Spoil((RegistryClient)mirror, digest, fault);

    public string NameBlob(Digest digest) => $"The blob {digest} of '{DisplayName}'";

    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => NameLister.ListTagsAsync(this, cancellationToken);

    internal RequestContext Context(Question question, string? reference = null) => new(question, _registryName, _repositoryName, reference);

    internal string Describe(string reference) => Context(Question.ManifestRead, reference).Target;

    internal Task<HttpAnswer> SendAsync(RegistryRequest request, WorkScope work) =>
        Connection.Retry.RunAsync(token => Connection.SendAsync(request, work.With(token)), work);

    // Bytes that were spoiled on their way are read once more: what is wrong where it lies stays wrong.
    internal async Task<Manifest?> FindManifestAsync(string reference, WorkScope work)
    {
        try
        {
            return await ReadManifestAsync(reference, work).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.DigestMismatch && Connection.Options.MaximumRetryCount > 0)
        {
            Connection.Events.Tell($"Reading it once more: {e.Message}");
            work.CountRetry();
            return await ReadManifestAsync(reference, work).ConfigureAwait(false);
        }
    }

    private async Task<Manifest?> ReadManifestAsync(string reference, WorkScope work)
    {
        var request = ManifestRequest(HttpMethod.Get, reference, Question.ManifestRead);
        var (answer, body) = await Connection.FetchAsync(request, ManifestReader.MaxSize, work).ConfigureAwait(false);
        using var disposed = answer;
        if ((int)answer.Status == 404)
        {
            var failure = RegistryFailure.From(answer, body, request.Context);
            return failure.Kind == OciErrorKind.ManifestUnknown ? null : throw failure;
        }

        var asked = Digest.TryParse(reference, out var byDigest, out _) ? byDigest! : null;
        var actual = DigestOf(body, asked?.Algorithm ?? "sha256", answer.MediaType, reference);
        if (asked is not null && actual != asked)
        {
            throw new OciException(OciErrorKind.DigestMismatch, $"'{Describe(reference)}' came with other bytes: their digest is {actual}.");
        }

        CheckHeader(answer.Header("Docker-Content-Digest"), body, answer.MediaType, reference);
        return ManifestReader.Read(body, answer.MediaType, actual, Describe(reference));
    }

    private Digest DigestOf(byte[] body, string algorithm, string? mediaType, string reference)
    {
        try
        {
            return ManifestDigest.Of(body, algorithm, mediaType);
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            throw new OciException(OciErrorKind.ManifestInvalid, $"The manifest of '{Describe(reference)}' can't be used: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private void CheckHeader(string? header, byte[] body, string? mediaType, string reference)
    {
        if (header is not null && Digest.TryParse(header, out var stated, out _) && DigestOf(body, stated!.Algorithm, mediaType, reference) != stated)
        {
            throw new OciException(
                OciErrorKind.DigestMismatch, $"'{Describe(reference)}': the registry calls the manifest {stated}, but its bytes are not of this digest.");
        }
    }

    private void CheckStated(Digest stated, string reference)
    {
        if (Digest.TryParse(reference, out var asked, out _) && asked!.Algorithm == stated.Algorithm && asked != stated)
        {
            throw new OciException(OciErrorKind.DigestMismatch, $"'{Describe(reference)}': the registry answers with another manifest, {stated}.");
        }
    }

    private RegistryRequest ManifestRequest(HttpMethod method, string reference, Question question) => new(
        method, u => u.Manifest(Repository, reference), _pull, Context(question, reference))
    {
        Accept = MediaTypes.AcceptManifests,
    };

    private RegistryRequest BlobRequest(HttpMethod method, Digest digest, Question question, string? range = null) => new(
        method, u => u.Blob(Repository, digest), _pull, Context(question, digest.ToString()))
    {
        Range = range,
    };

    private static ByteArrayContent BytesContent(Manifest manifest, StallWatch watch)
    {
        watch.Arm();
        var content = new ByteArrayContent(manifest.Content);
        content.Headers.TryAddWithoutValidation("Content-Type", manifest.MediaType);
        return content;
    }
}
