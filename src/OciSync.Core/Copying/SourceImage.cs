using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Transports;

namespace OciSync.Core.Copying;

/// <summary>The image a source reference names, after selection. Asked as little as can be: a HEAD, and manifests only when needed.</summary>
internal sealed class SourceImage
{
    private readonly ImageSelection _selection;
    private readonly EngineEvents _events;
    private readonly SingleFlight<int, Digest> _resolved;
    private Manifest? _root;
    private (Digest Digest, Manifest? Manifest)? _selected;
    private int _retries;

    internal SourceImage(ImageLocation reference, IImageSource client, ImageSelection selection, EngineEvents events)
    {
        Reference = reference;
        Client = client;
        _selection = selection;
        _events = events;
        _resolved = new SingleFlight<int, Digest>(client.Connection.Lifetime);
    }

    internal ImageLocation Reference { get; }

    internal IImageSource Client { get; }

    /// <summary>What of it is wanted.</summary>
    internal ImageSelection Selection => _selection;

    internal int RetryCount => Volatile.Read(ref _retries);

    /// <summary>What the source's tag points to.</summary>
    internal Digest? Digest { get; private set; }

    /// <summary>What a destination's tag should point to.</summary>
    internal Digest? Wanted { get; private set; }

    /// <summary>Finds <see cref="Digest"/> and, where the selection changes it, <see cref="Wanted"/>; once, whoever asks.</summary>
    internal Task ResolveAsync(CancellationToken cancellationToken) => _resolved.RunAsync(0, FindAsync, cancellationToken);

    private async Task<Digest> FindAsync(CancellationToken cancellationToken)
    {
        Digest = Reference.Digest ?? (await Client.HeadManifestAsync(Reference.ManifestReference, CountRetry, cancellationToken).ConfigureAwait(false)
            ?? throw Client.Missing(Reference.ManifestReference)).Digest;
        Wanted = Digest;
        if (!_selection.IsEverything)
        {
            Wanted = (await SelectAsync(cancellationToken).ConfigureAwait(false)).Digest;
        }

        return Wanted;
    }

    /// <summary>Fails when the source's tag, which is resolved, points to another image than is expected.</summary>
    internal void Require(Digest? expected)
    {
        if (expected is not null && Digest != expected)
        {
            throw new OciException(
                OciErrorKind.SourceMoved,
                $"'{Reference}' is {Digest} now, and was {expected} when the plan was made: it is not copied. Plan again, or give the source without its SourceDigest.");
        }
    }

    /// <summary>The manifest to copy and all below it.</summary>
    internal async Task<ImageTree> LoadAsync(CancellationToken cancellationToken)
    {
        var root = await SelectAsync(cancellationToken).ConfigureAwait(false);
        var manifest = root.Manifest ?? await GetAsync(root.Digest, cancellationToken).ConfigureAwait(false);
        return await ImageTree.LoadAsync(Client, manifest, CountRetry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fails when the image is one manifest for another platform than was asked for.</summary>
    internal async Task CheckPlatformAsync(ImageTree tree, CancellationToken cancellationToken)
    {
        if (_selection.Platforms.Count == 0 || _root is { IsIndex: true } || tree.Root.Config is not { } config || !MediaTypes.IsImageConfig(config.MediaType))
        {
            return;
        }

        var platform = await ConfigReader.ReadPlatformAsync(Client, config, CountRetry, cancellationToken).ConfigureAwait(false);
        if (platform is not null && !_selection.Platforms.Any(p => p.Matches(platform)))
        {
            throw new OciException(
                OciErrorKind.PlatformUnknown, $"'{Reference}' is an image for {platform} alone, not for {string.Join(", ", _selection.Platforms)}.");
        }
    }

    private async Task<(Digest Digest, Manifest? Manifest)> SelectAsync(CancellationToken cancellationToken)
    {
        _selected ??= await ChooseAsync(cancellationToken).ConfigureAwait(false);
        return _selected.Value;
    }

    private async Task<(Digest Digest, Manifest? Manifest)> ChooseAsync(CancellationToken cancellationToken)
    {
        _root ??= await GetAsync(Digest!, cancellationToken).ConfigureAwait(false);
        if (_selection.IsEverything || !_root.IsIndex)
        {
            return (_root.Digest, _root);
        }

        var (single, index) = IndexSelector.Select(_root, _selection, Reference.ToString());
        if (single is null && ReferenceEquals(index, _root))
        {
            return (index.Digest, index);
        }

        _events.Decide($"'{Reference}': {(single is null ? $"a rebuilt index of {index.Children.Count} entries" : $"the manifest for {single.Platform}")} is used.");
        return single is null ? (index.Digest, index) : (single.Digest, null);
    }

    private Task<Manifest> GetAsync(Digest digest, CancellationToken cancellationToken) =>
        Client.GetManifestAsync(digest.ToString(), CountRetry, cancellationToken);

    internal void CountRetry() => Interlocked.Increment(ref _retries);
}
