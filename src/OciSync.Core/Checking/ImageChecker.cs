using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Checking;

/// <summary>Looks at every manifest and blob of one image. What is wrong is noted, and the rest is looked at all the same.</summary>
internal sealed class ImageChecker(IImageSource source, ImageLocation reference, BlobChecks blobs, HashSet<Digest> elsewhere)
{
    private const int MaxDepth = 8;
    private const int MaxManifests = 2_000;

    private readonly HashSet<Digest> _seen = [];
    private readonly Dictionary<Digest, (Descriptor Blob, string Name)> _blobs = [];
    private readonly List<OciException> _faults = [];
    private readonly HashSet<OciException> _absent = [];
    private readonly SortedSet<string> _expected = new(StringComparer.Ordinal);
    private int _manifests;

    /// <summary>What of a layout speaks of the image is looked at with it.</summary>
    internal bool IncludeReferrers { get; init; }

    /// <summary>Every digest the image needs.</summary>
    internal IEnumerable<Digest> Needed => _seen.Concat(_blobs.Keys);

    internal async Task<(OciImageCheck Row, OciException? Failure)> CheckAsync(CancellationToken cancellationToken)
    {
        var time = source.Connection.Options.Time;
        var start = time.GetTimestamp();
        Digest? digest = null;
        OciException? failure = null;
        try
        {
            var root = await source.GetManifestAsync(reference.ManifestReference, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
            digest = root.Digest;
            _seen.Add(digest);
            await WalkAsync(root, 0, cancellationToken).ConfigureAwait(false);
            await WalkReferrersAsync(cancellationToken).ConfigureAwait(false);
            await CheckBlobsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            failure = e;
        }

        return Build(digest, failure, time.GetElapsedTime(start));
    }

    private (OciImageCheck Row, OciException? Failure) Build(Digest? digest, OciException? failure, TimeSpan duration)
    {
        var isUnknown = failure is not null && !BlobChecks.IsFault(failure);
        if (failure is not null && !isUnknown)
        {
            _faults.Insert(0, failure);
        }

        failure = isUnknown ? failure : _faults.Count == 0 ? null : Sum();
        var row = new OciImageCheck
        {
            Reference = reference.ToString(),
            Status = isUnknown ? "Unknown" : IsSparse ? "Sparse" : _faults.Count > 0 ? "Broken" : _expected.Count > 0 ? "Partial" : "Whole",
            Digest = digest?.ToString(),
            Method = source is RegistryClient && !blobs.IsFull ? "Head" : "Hash",
            Manifests = _manifests,
            Blobs = _blobs.Count,
            Bytes = _blobs.Values.Sum(b => b.Blob.Size),
            Fault = [.. _faults.Select(f => f.Message)],
            Expected = [.. _expected],
            ErrorId = failure?.ErrorId,
            Error = failure?.Message,
            Duration = duration,
        };
        return (row, failure);
    }

    // Only whole manifests of its index are missing, and others are there.
    private bool IsSparse => _faults.Count > 0 && _manifests > 1 && _faults.TrueForAll(_absent.Contains);

    private OciException Sum() => _faults.Count == 1
        ? _faults[0].With(message: $"'{reference}' is not whole: {_faults[0].Message}", inner: _faults[0])
        : _faults[0].With(
            message: $"'{reference}' is not whole: {_faults.Count} of its parts are missing or wrong. The first: {_faults[0].Message}",
            inner: _faults[0]);

    private async Task WalkAsync(Manifest manifest, int depth, CancellationToken cancellationToken)
    {
        _manifests++;
        foreach (var blob in ImageTree.LeavesOf(manifest))
        {
            _blobs[blob.Digest] = (blob, blob == manifest.Config ? "config" : "layer");
        }

        foreach (var child in manifest.Children.Where(ImageTree.IsManifest).Where(c => _seen.Add(c.Digest)))
        {
            if (depth == MaxDepth || _seen.Count > MaxManifests)
            {
                throw new OciException(
                    OciErrorKind.ManifestInvalid, $"'{reference}' names more than {MaxManifests} manifests, or nests them more than {MaxDepth} deep.");
            }

            if (await TryReadAsync(child, cancellationToken).ConfigureAwait(false) is { } read)
            {
                await WalkAsync(read, depth + 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WalkReferrersAsync(CancellationToken cancellationToken)
    {
        if (!IncludeReferrers || source is not ILayoutSource layout)
        {
            return;
        }

        // What speaks of a referrer is found as well.
        var asked = new HashSet<Digest>();
        while (_seen.FirstOrDefault(d => !asked.Contains(d)) is { } subject)
        {
            asked.Add(subject);
            foreach (var referrer in await layout.ListReferrersAsync(subject, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false))
            {
                if (_seen.Add(referrer.Digest) && await TryReadAsync(referrer, cancellationToken).ConfigureAwait(false) is { } read)
                {
                    await WalkAsync(read, 0, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<Manifest?> TryReadAsync(Descriptor child, CancellationToken cancellationToken)
    {
        var platform = child.Platform is { } p && !child.IsAttestation ? $" ({p})" : string.Empty;
        try
        {
            var manifest = await source.GetManifestAsync(child.Digest.ToString(), WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
            if (manifest.Content.Length == child.Size)
            {
                return manifest;
            }

            _faults.Add(new OciException(
                OciErrorKind.DigestMismatch, $"manifest {child.Digest}{platform}: it has {manifest.Content.Length} bytes where its index says {child.Size}."));
        }
        catch (OciException e) when (BlobChecks.IsFault(e))
        {
            var fault = e.With(message: $"manifest {child.Digest}{platform}: {e.Message}", inner: e);
            _faults.Add(fault);
            if (e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.BlobUnknown)
            {
                _absent.Add(fault);
            }
        }

        return null;
    }

    private async Task CheckBlobsAsync(CancellationToken cancellationToken)
    {
        source.Connection.Events.Plan(_blobs.Values.Sum(b => b.Blob.Size));
        await Throttle.ForEachAsync(
            _blobs.Values,
            source.Connection.Options.MaxConnectionsPerRegistry,
            async (item, token) =>
            {
                var fault = await blobs.FindFaultAsync(source, item.Blob, token).ConfigureAwait(false);
                lock (_faults)
                {
                    Note(item.Blob, item.Name, fault);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private void Note(Descriptor blob, string name, OciException? fault)
    {
        if (fault is { Kind: OciErrorKind.BlobUnknown } && elsewhere.Contains(blob.Digest))
        {
            _expected.Add(blob.Digest.ToString());
        }
        else if (fault is not null)
        {
            _faults.Add(fault.With(message: $"{name} {blob.Digest}: {fault.Message}", inner: fault));
        }
    }
}
