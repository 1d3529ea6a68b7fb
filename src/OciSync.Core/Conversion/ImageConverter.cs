using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Conversion;

/// <summary>
/// Converts all manifests of an image by a plan, children before parents. Layers are packed first, as what they become is in the manifests.
/// </summary>
internal sealed class ImageConverter
{
    private readonly IImageSource _source;
    private readonly ImageRules _rules;
    private readonly LayerSpool _spool;
    private readonly ConvertedSource _made;
    private readonly Dictionary<Digest, Manifest> _manifests = [];
    private readonly Dictionary<Digest, Platform> _platforms = [];
    private readonly Dictionary<(Digest Digest, LayerRule Rule), PackedLayer> _layers = [];
    private readonly List<string> _lost = [];
    private readonly HashSet<Digest> _corrected = [];
    private IndexDoubles? _doubles;

    internal ImageConverter(IImageSource source, ImageRules rules, LayerSpool spool)
    {
        _source = source;
        _rules = rules;
        _spool = spool;
        _made = new ConvertedSource(source, spool);
    }

    /// <summary>Whether all that the image goes to have a blob; null where nobody is asked, and each layer is packed.</summary>
    internal Func<Descriptor, CancellationToken, Task<bool>>? Holds { get; init; }

    /// <summary>Whether it has layers that would be packed anew.</summary>
    internal bool PacksLayers(ImageTree tree) => StayingOf(tree).Exists(_rules.HasRules);

    internal async Task<ConvertedImage> ConvertAsync(ImageTree tree, WorkScope work)
    {
        var all = StayingOf(tree);
        try
        {
            await PackLayersAsync(all, work).ConfigureAwait(false);
            return await ConvertAllAsync(tree, all, work).ConfigureAwait(false);
        }
        catch (Exception)
        {
            _layers.Values.ToList().ForEach(_spool.Release);
            throw;
        }
    }

    /// <summary>
    /// The image that a destination holds, where it is what the conversion gives: the same configs, which name what is in each layer, in
    /// manifests that differ in nothing but how the layers' bytes were packed. Null when it is another one. No layer is read for that.
    /// </summary>
    internal async Task<ConvertedImage?> AdoptAsync(ImageTree tree, ImageTree held, WorkScope work)
    {
        var all = StayingOf(tree);
        if (!TryAdopt(all, [.. held.Children, held.Root]))
        {
            return null;
        }

        var image = await ConvertAllAsync(tree, all, work).ConfigureAwait(false);
        return image.Root.Digest == held.Root.Digest ? image : null;
    }

    private List<Manifest> StayingOf(ImageTree tree) => (_doubles ??= IndexDoubles.Find(tree, _rules)).StayingOf(tree);

    private bool TryAdopt(IReadOnlyList<Manifest> all, List<Manifest> held)
    {
        foreach (var manifest in all.Where(_rules.HasRules))
        {
            var now = held.Find(h => h.Config?.Digest == manifest.Config!.Digest && h.Layers.Count == manifest.Layers.Count);
            for (var i = 0; i < manifest.Layers.Count; i++)
            {
                if (_rules.RuleFor(manifest, manifest.Layers[i]) is { } rule && !TryAdopt(manifest.Layers[i], rule, now?.Layers[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool TryAdopt(Descriptor layer, LayerRule rule, Descriptor? now)
    {
        if (now is null || LayerType.Find(now.MediaType)?.Encoding != rule.Target)
        {
            return false;
        }

        if (_layers.TryGetValue((layer.Digest, rule), out var packed))
        {
            return packed.Digest == now.Digest;
        }

        packed = PackedLayer.Adopt(layer, rule, now);
        _layers.Add((layer.Digest, rule), packed);
        _made.Add(packed);
        return true;
    }

    private async Task<ConvertedImage> ConvertAllAsync(ImageTree tree, IReadOnlyList<Manifest> all, WorkScope work)
    {
        foreach (var manifest in all)
        {
            var converted = manifest.IsIndex
                ? await ConvertIndexAsync(manifest, all, work).ConfigureAwait(false)
                : ManifestConverter.Convert(manifest, _rules.FormatFor(manifest), LayersOf(manifest), _source.DisplayName);
            _manifests[manifest.Digest] = converted.Manifest;
            foreach (var dropped in _doubles!.ReplacedBy(manifest.Digest).Where(d => !all.Any(m => m.Digest == d)))
            {
                _manifests[dropped] = converted.Manifest;
            }

            _lost.AddRange(converted.Lost.Except(_lost));
            _made.Add(converted.Manifest);
        }

        var root = _manifests[tree.Root.Digest];
        return root.Digest == tree.Root.Digest
            ? new ConvertedImage(root, _source, null)
            : new ConvertedImage(root, _made, Describe(tree.Root, root)) { Layers = [.. _layers.Values] };
    }

    private Dictionary<Digest, Descriptor> LayersOf(Manifest manifest)
    {
        var format = _rules.FormatFor(manifest) ?? ManifestConverter.FormatOf(manifest.MediaType);
        var layers = new Dictionary<Digest, Descriptor>();
        foreach (var layer in manifest.Layers)
        {
            if (_rules.RuleFor(manifest, layer) is { } rule && _layers.TryGetValue((layer.Digest, rule), out var packed))
            {
                var type = LayerType.Find(layer.MediaType)! with { Format = format, Encoding = rule.Target };
                layers[layer.Digest] = new Descriptor(type.ToString(), packed.Digest, packed.Size);
            }
            else if (_rules.FindRightType(manifest, layer) is { } right)
            {
                layers[layer.Digest] = new Descriptor((right with { Format = format }).ToString(), layer.Digest, layer.Size);
                _corrected.Add(layer.Digest);
            }
        }

        return layers;
    }

    private async Task PackLayersAsync(IReadOnlyList<Manifest> manifests, WorkScope work)
    {
        var wanted = manifests.SelectMany(m => m.Layers.Select(l => (Layer: l, Rule: _rules.RuleFor(m, l)))).Where(w => w.Rule is not null)
            .GroupBy(w => (w.Layer.Digest, w.Rule!)).Select(g => (g.First().Layer, Rule: g.Key.Item2)).ToList();
        if (wanted.Count > 0 && _rules.Plan.PreserveDigest)
        {
            throw NotPreserved(_source.DisplayName, $"{wanted.Count} layers would be packed anew");
        }

        await Throttle.ForEachAsync(
            wanted,
            Environment.ProcessorCount + 1,
            async (item, token) =>
            {
                var packed = await FindKnownAsync(item.Layer, item.Rule, token).ConfigureAwait(false)
                    ?? await _spool.PackAsync(_source, item.Layer, item.Rule, work.With(token)).ConfigureAwait(false);
                lock (_layers)
                {
                    _layers[(item.Layer.Digest, item.Rule)] = packed;
                    _made.Add(packed);
                }
            },
            work.Token).ConfigureAwait(false);
        foreach (var manifest in manifests.Where(_rules.HasRules))
        {
            await CheckContentAsync(manifest, work).ConfigureAwait(false);
        }
    }

    // What an earlier run made of it, where that is at its destinations still. Should somebody want its bytes after all, it is packed then.
    private async Task<PackedLayer?> FindKnownAsync(Descriptor layer, LayerRule rule, CancellationToken cancellationToken) =>
        Holds is not null && _spool.Records.Find(layer, rule) is { } known
        && await Holds(new Descriptor(layer.MediaType, known.Digest, known.Size), cancellationToken).ConfigureAwait(false) ? known : null;

    // The config says what is in the layers.
    private async Task CheckContentAsync(Manifest manifest, WorkScope work)
    {
        var bytes = await ConfigReader.ReadAsync(_source, manifest.Config!, work).ConfigureAwait(false);
        using var config = ConfigReader.Parse(bytes, _source.DisplayName);
        var stated = LayerFacts.DiffIdsOf(config.RootElement);
        if (stated.Count != manifest.Layers.Count)
        {
            return;
        }

        for (var i = 0; i < stated.Count; i++)
        {
            if (_rules.RuleFor(manifest, manifest.Layers[i]) is { } rule
                && _layers[(manifest.Layers[i].Digest, rule)] is { DiffId: { } diffId } packed && diffId.ToString() != stated[i])
            {
                throw new OciException(
                    OciErrorKind.LayerInvalid,
                    $"The layer {packed.Source.Digest} of '{_source.DisplayName}' unpacks to {diffId}, where the image's config "
                    + $"says {Printable.Text(stated[i])}.");
            }
        }
    }

    private async Task<ConvertedManifest> ConvertIndexAsync(Manifest index, IReadOnlyList<Manifest> all, WorkScope work)
    {
        var format = _rules.Plan.Format ?? (index.Children.Any(c => BecameOci(c)) ? ImageFormat.Oci : null);
        if (format == ImageFormat.Docker)
        {
            foreach (var child in index.Children.Where(c => c.Platform is null && !_platforms.ContainsKey(c.Digest)))
            {
                if (all.FirstOrDefault(m => m.Digest == child.Digest) is { Config: { } config }
                    && await ConfigReader.ReadPlatformAsync(_source, config, work).ConfigureAwait(false) is { } platform)
                {
                    _platforms[child.Digest] = platform;
                }
            }
        }

        return ManifestConverter.ConvertIndex(index, format, _manifests, _doubles!.DroppedOf(index.Digest), _platforms, _source.DisplayName);
    }

    // A Docker manifest list names Docker's manifests alone.
    private bool BecameOci(Descriptor child) =>
        _manifests.TryGetValue(child.Digest, out var now) && now.Digest != child.Digest
        && ManifestConverter.FormatOf(now.MediaType) == ImageFormat.Oci && ManifestConverter.FormatOf(child.MediaType) == ImageFormat.Docker;

    private string Describe(Manifest before, Manifest after)
    {
        var parts = new List<string>();
        if (ManifestConverter.FormatOf(before.MediaType) != ManifestConverter.FormatOf(after.MediaType) || _rules.Plan.Format is not null)
        {
            parts.Add($"converted to {(ManifestConverter.FormatOf(after.MediaType) == ImageFormat.Oci ? "OCI" : "Docker")} format");
        }

        if (_layers.Count > 0)
        {
            var kinds = _layers.Keys.Select(
                k => k.Rule.Target == LayerEncoding.None ? "unpacked" : "packed as " + k.Rule.Target.ToString().ToLowerInvariant()).Distinct();
            parts.Add($"{_layers.Count} {(_layers.Count == 1 ? "layer" : "layers")} {string.Join(" or ", kinds)}");
        }

        if (_corrected.Count > 0)
        {
            parts.Add($"{_corrected.Count} {(_corrected.Count == 1 ? "layer" : "layers")} called unpacked, as they are");
        }

        if (_doubles!.Count > 0)
        {
            parts.Add($"{_doubles.Count} {(_doubles.Count == 1 ? "entry" : "entries")} left out, the same image as another once converted");
        }

        if (_lost.Count > 0)
        {
            parts.Add($"left out, as Docker's format has no place for it: {string.Join(", ", _lost)}");
        }

        return string.Join("; ", parts);
    }

    internal static OciException NotPreserved(string name, string why) => new(
        OciErrorKind.DigestNotPreserved,
        $"'{name}' would change on its way: {why}. -PreserveDigest (and -KeepIndex) refuses that; leave it out, or what asks for the change (-Format, "
        + "-Compression, -Platform, -ExcludeAttestation).");
}
