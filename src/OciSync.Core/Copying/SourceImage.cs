using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Signing.Enforcing;

namespace OciSync.Core.Copying;

/// <summary>The image a source reference names, after selection. Asked as little as can be: a HEAD, and manifests only when needed.</summary>
internal sealed class SourceImage
{
    private readonly ImageSelection _selection;
    private readonly IImageSource _place;
    private readonly ConversionPlan _plan;
    private readonly LayerSpool _spool;
    private readonly ForeignLayers _foreign;
    private readonly EngineEvents _events;
    private readonly Once<Digest> _resolved;
    private readonly RetryCounter _retries = new();
    private Manifest? _root;
    private ImageChoice? _selected;
    private ImageTree? _converted;
    private IReadOnlyList<PackedLayer> _layers = [];
    private bool _hasMoved;

    internal SourceImage(
        ImageLocation reference,
        IImageSource client,
        ImageSelection selection,
        ConversionPlan plan,
        LayerSpool spool,
        ForeignLayers foreign,
        TrustGate trust,
        EngineEvents events)
    {
        Reference = reference;
        Trust = trust;
        Client = client;
        _place = client;
        _selection = selection;
        _plan = plan;
        _spool = spool;
        _foreign = foreign;
        _events = events;
        _resolved = new Once<Digest>(client.Connection.Lifetime);
    }

    internal ImageLocation Reference { get; }

    /// <summary>Whether it is let in: asked of the manifests that are copied, as soon as they are read.</summary>
    internal TrustGate Trust { get; }

    /// <summary>Where it is read from: once it is loaded, what a conversion has made of it.</summary>
    internal IImageSource Client { get; private set; }

    /// <summary>What its place has lost of it before it was copied, in words; null when nothing is.</summary>
    internal string? Loss => (_place as IChangedSource)?.ChangeReason;

    /// <summary>What a conversion did to it, in words; null when nothing was done.</summary>
    internal string? Note { get; private set; }

    /// <summary>A format or a compression was asked for, and made another image of it.</summary>
    internal bool IsConvertedAsAsked => Note is not null && (_plan.Format is not null || _plan.Layers is { OnlyUnpacked: false });

    /// <summary>Finds the one image that all destinations have under its name, or null. Asked only when layers would be packed.</summary>
    internal Func<CancellationToken, Task<ImageTree?>>? FindHeld { get; set; }

    /// <summary>Whether all destinations have a blob. Asked only of layers that were packed in an earlier run.</summary>
    internal Func<Descriptor, CancellationToken, Task<bool>>? Holds { get; set; }

    /// <summary>What the tag points to, where it was asked already; null to ask.</summary>
    internal ManifestHead? Known { get; init; }

    /// <summary>What of it is wanted.</summary>
    internal ImageSelection Selection => _selection;

    internal int RetryCount => _retries.Count;

    /// <summary>The digests of its manifests as the source has them, of what is copied and of the whole; none until they are read.</summary>
    internal IReadOnlyList<Digest> Manifests { get; private set; } = [];

    /// <summary>What the source's tag points to.</summary>
    internal Digest? Digest { get; private set; }

    /// <summary>What a destination's tag should point to.</summary>
    internal Digest? Wanted { get; private set; }

    /// <summary>The one platform of an index that was chosen, or null.</summary>
    internal Platform? Chosen => _selected?.Platform;

    /// <summary>The platforms of an index that stays as it is and is not copied whole; null for any other.</summary>
    internal ImageChoice? Sparse => _selected is { Kept: not null } ? _selected : null;

    /// <summary>What of the image is copied and what is left out, in words; null when all of it is.</summary>
    internal string? LeftOut => _selection.IndexOnly && _root is { IsIndex: true }
        ? "the index alone, without what it names"
        : _selected?.LeftOut;

    /// <summary>Finds <see cref="Digest"/> and, where the selection changes it, <see cref="Wanted"/>; once, whoever asks.</summary>
    internal Task ResolveAsync(CancellationToken cancellationToken) => _resolved.RunAsync(FindAsync, cancellationToken);

    private async Task<Digest> FindAsync(CancellationToken cancellationToken)
    {
        var head = Reference.Digest is null ? await HeadAsync(cancellationToken).ConfigureAwait(false) : null;
        Digest = Reference.Digest ?? head!.Digest;
        Wanted = Digest;
        if (_plan.MayChange || MediaTypes.IsSchema1(head?.MediaType))
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (!_selection.IsEverything)
        {
            Wanted = (await WithTagAsync(SelectAsync, cancellationToken).ConfigureAwait(false)).Digest;
        }

        return Wanted != Digest && _plan.PreserveDigest
            ? throw ImageConverter.NotPreserved(Reference.ToString(), Note ?? LeftOut ?? "a part of it is another image than the whole")
            : Wanted;
    }

    /// <summary>The answer by which the source doesn't have the image, or null.</summary>
    internal OciException? Absence { get; private set; }

    private async Task<ManifestHead> HeadAsync(CancellationToken cancellationToken)
    {
        if (Known is { } known)
        {
            return known;
        }

        try
        {
            return await Client.HeadManifestAsync(Reference.ManifestReference, Work(cancellationToken)).ConfigureAwait(false)
                ?? throw Client.Missing(Reference.ManifestReference);
        }
        catch (OciException e) when (KnownMissing.IsAbsence(e))
        {
            Absence = e;
            throw;
        }
    }

    /// <summary>Fails when the source's tag, which is resolved, points to another image than is expected.</summary>
    internal void Require(Digest? expected)
    {
        if (expected is not null && Digest != expected)
        {
            throw new OciException(
                OciErrorKind.SourceMoved,
                $"'{Reference}' is {Digest} now, and was {expected} when the plan was made: it is not copied. Plan again, or give the source without its "
                + "SourceDigest.");
        }
    }

    /// <summary>The manifest to copy and all below it, converted by the plan. What is wanted may turn out to be another digest.</summary>
    internal Task<ImageTree> LoadAsync(CancellationToken cancellationToken) => WithTagAsync(LoadOnceAsync, cancellationToken);

    // Between the question for the tag and the manifest's reading the tag may be deleted, or moved and the old manifest deleted.
    private async Task<T> WithTagAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read(cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.ManifestUnknown && Digest is not null && Reference.Digest is null && Reference.Image is not null)
        {
            await FollowTagAsync(e, cancellationToken).ConfigureAwait(false);
            var again = await read(cancellationToken).ConfigureAwait(false);
            Wanted = _converted is null ? (await SelectAsync(cancellationToken).ConfigureAwait(false)).Digest : Wanted;
            return again;
        }
    }

    private async Task FollowTagAsync(OciException failure, CancellationToken cancellationToken)
    {
        if (await FindChangeAsync(cancellationToken).ConfigureAwait(false) is not { } change)
        {
            throw failure;
        }

        if (change.Now is not { } now || _hasMoved)
        {
            throw failure.With(message: change.Text, inner: failure);
        }

        _events.Tell($"{change.Text} It is read anew.");
        (_hasMoved, _root, _selected, _converted) = (true, null, null, null);
        Digest = Wanted = now;
    }

    // What has become of the tag since it was asked for; null when it points where it did.
    private async Task<(Digest? Now, string Text)?> FindChangeAsync(CancellationToken cancellationToken)
    {
        var head = await Client.HeadManifestAsync(Reference.ManifestReference, Work(cancellationToken)).ConfigureAwait(false);
        return head is null ? (null, $"'{Reference}' was {Digest} when the copy began, and was deleted at the source while it was being copied.")
            : head.Digest == Digest ? null
            : (head.Digest, $"'{Reference}' was {Digest} when the copy began, and was moved to {head.Digest} at the source while it was being copied.");
    }

    /// <summary>The same failure, or one that says that the image has gone, or is another one, since its copying began.</summary>
    internal async Task<Exception> ExplainAsync(Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not OciException { Kind: OciErrorKind.BlobUnknown, StatusCode: 404 } e
            || Digest is null
            || Reference.Digest is not null
            || Reference.Image is null)
        {
            return failure;
        }

        try
        {
            return await FindChangeAsync(cancellationToken).ConfigureAwait(false) is { } change
                ? e.With(message: $"{e.Message} {change.Text}{(change.Now is null ? string.Empty : " Run again.")}", inner: e)
                : failure;
        }
        catch (OciException)
        {
            // The source can't even be asked: the failure at hand is told as it is.
            return failure;
        }
    }

    private async Task<ImageTree> LoadOnceAsync(CancellationToken cancellationToken)
    {
        if (_converted is not null)
        {
            return _converted;
        }

        var root = await SelectAsync(cancellationToken).ConfigureAwait(false);
        var manifest = root.Manifest ?? await GetAsync(root.Digest, cancellationToken).ConfigureAwait(false);
        var isOld = MediaTypes.IsSchema1(manifest.MediaType);
        if (isOld && _plan.PreserveDigest)
        {
            throw ImageConverter.NotPreserved(Reference.ToString(), "it is a Docker schema 1 image, which is read and never written");
        }

        // Nothing is made of what is not let in.
        var (source, note) = (Client, string.Empty);
        var tree = isOld ? ImageTree.OfIndexAlone(manifest) : await LoadTreeAsync(source, manifest, cancellationToken).ConfigureAwait(false);
        IndexSelector.RefuseStandIn(manifest, Reference.ToString());
        await Trust.AdmitAsync(_root!, tree, Work(cancellationToken)).ConfigureAwait(false);
        Manifests = [.. tree.Children.Append(tree.Root).Append(_root!).Select(m => m.Digest).Distinct()];
        if (isOld)
        {
            var old = new SchemaOneConverter(source, _plan.SchemaOneFormat, _spool);
            var renewed = await old.ConvertAsync(manifest, Work(cancellationToken)).ConfigureAwait(false);
            (source, note) = (renewed.Source, renewed.Note!);
            tree = await LoadTreeAsync(source, renewed.Root, cancellationToken).ConfigureAwait(false);
        }

        if (_plan.MayChange)
        {
            var image = await ConvertAsync(source, tree, cancellationToken).ConfigureAwait(false);
            _layers = image.Layers;
            note = string.Join("; ", new[] { note, image.Note }.Where(n => !string.IsNullOrEmpty(n)));
            tree = ReferenceEquals(image.Source, source) ? tree : await LoadTreeAsync(image.Source, image.Root, cancellationToken).ConfigureAwait(false);
            source = image.Source;
        }

        return Keep(tree, _plan.IncludeForeignLayers ? new ForeignSource(source, tree, _foreign) : source, note);
    }

    // What the destinations have may be it already: then no layer is packed to learn that nothing is to be done, nor is a config read to
    // learn whether the layers are what they are called, when that is so.
    private async Task<ConvertedImage> ConvertAsync(IImageSource source, ImageTree tree, CancellationToken cancellationToken)
    {
        ImageConverter Create(LayerFacts known) => new(source, new ImageRules(_plan, known), _spool) { Holds = Holds };
        var held = FindHeld is not null && !_plan.PreserveDigest && Create(LayerFacts.None).PacksLayers(tree)
            ? await FindHeld(cancellationToken).ConfigureAwait(false)
            : null;
        if (held is not null && await Create(LayerFacts.None).AdoptAsync(tree, held, Work(cancellationToken)).ConfigureAwait(false) is { } believed)
        {
            return Tell(believed);
        }

        var facts = await LayerFacts.ReadAsync(source, tree, Work(cancellationToken)).ConfigureAwait(false);
        if (FindHeld is not null && !_plan.PreserveDigest && Create(facts).PacksLayers(tree))
        {
            held ??= await FindHeld(cancellationToken).ConfigureAwait(false);
            if (held is not null && await Create(facts).AdoptAsync(tree, held, Work(cancellationToken)).ConfigureAwait(false) is { } same)
            {
                return Tell(same);
            }
        }

        return await Create(facts).ConvertAsync(tree, Work(cancellationToken)).ConfigureAwait(false);

        ConvertedImage Tell(ConvertedImage same)
        {
            _events.Tell($"'{Reference}' is {same.Root.Digest} at the destination, which is what it is converted to: its layers are not packed again.");
            return same;
        }
    }

    private ImageTree Keep(ImageTree tree, IImageSource source, string note)
    {
        if (_plan.MayChange || !ReferenceEquals(source, Client))
        {
            if (note.Length > 0)
            {
                _events.Tell($"'{Reference}' is {note}: {tree.Root.Digest}.");
                Note = note;
            }

            (Client, Wanted, _converted) = (source, tree.Root.Digest, tree);
        }

        return tree;
    }

    /// <summary>
    /// The image in Docker's format, for a registry that refuses OCI's; null when that isn't possible or not wanted. The image itself stays
    /// what it is for other destinations.
    /// </summary>
    internal async Task<ConvertedImage?> TryAsDockerAsync(ImageTree tree, CancellationToken cancellationToken)
    {
        if (_plan.PreserveDigest || _plan.Format is not null || _plan.Layers?.Target == LayerEncoding.Zstd || _selection.IndexOnly)
        {
            return null;
        }

        try
        {
            var plan = new ConversionPlan { Format = ImageFormat.Docker };
            var facts = await LayerFacts.ReadAsync(Client, tree, Work(cancellationToken)).ConfigureAwait(false);
            var image = await new ImageConverter(Client, new ImageRules(plan, facts), _spool).ConvertAsync(tree, Work(cancellationToken)).ConfigureAwait(false);
            lock (_resolved)
            {
                _layers = [.. _layers, .. image.Layers];
            }

            return image.Note is null ? null : image;
        }
        catch (OciException e) when (e.Kind == OciErrorKind.NotConvertible)
        {
            _events.Tell(e.Message);
            return null;
        }
    }

    /// <summary>Gives back the files of layers that were packed for it.</summary>
    internal void Release()
    {
        _layers.ToList().ForEach(_spool.Release);
        _layers = [];
    }

    private Task<ImageTree> LoadTreeAsync(IImageSource source, Manifest root, CancellationToken cancellationToken) =>
        _selection.IndexOnly && root.IsIndex
            ? Task.FromResult(ImageTree.OfIndexAlone(root))
            : ImageTree.LoadAsync(source, root, Work(cancellationToken), _plan.IncludeForeignLayers, _selected?.Kept);

    /// <summary>Fails when the image is one manifest for another platform than was asked for.</summary>
    internal async Task CheckPlatformAsync(ImageTree tree, CancellationToken cancellationToken)
    {
        if (_selection.Platforms.Count == 0 || _root is { IsIndex: true } || tree.Root.Config is not { } config || !MediaTypes.IsImageConfig(config.MediaType))
        {
            return;
        }

        var platform = await ConfigReader.ReadPlatformAsync(Client, config, Work(cancellationToken)).ConfigureAwait(false);
        if (platform is not null && !_selection.Platforms.Any(p => p.Matches(platform)))
        {
            throw new OciException(
                OciErrorKind.PlatformUnknown, $"'{Reference}' is an image for {platform} alone, not for {string.Join(", ", _selection.Platforms)}.");
        }
    }

    private async Task<ImageChoice> SelectAsync(CancellationToken cancellationToken) =>
        _selected ??= await ChooseAsync(cancellationToken).ConfigureAwait(false);

    private async Task<ImageChoice> ChooseAsync(CancellationToken cancellationToken)
    {
        _root ??= await GetAsync(Digest!, cancellationToken).ConfigureAwait(false);
        if (_selection.KeepIndex)
        {
            IndexSelector.RefuseStandIn(_root, Reference.ToString());
        }

        var choice = await IndexSelector.ChooseAsync(Client, _root, _selection, Reference.ToString(), Work(cancellationToken)).ConfigureAwait(false);
        if (choice.Digest != _root.Digest)
        {
            var what = choice.Platform is { } platform ? $"the manifest for {platform}" : $"a rebuilt index of {choice.Manifest!.Children.Count} entries";
            _events.Tell($"'{Reference}': {what} is used.");
        }

        return choice;
    }

    private Task<Manifest> GetAsync(Digest digest, CancellationToken cancellationToken) =>
        Client.GetManifestAsync(digest.ToString(), Work(cancellationToken));

    /// <summary>Work at the source of this image, which counts its retries.</summary>
    internal WorkScope Work(CancellationToken token) => new(_retries, token);
}
