using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Removing;

namespace OciSync.Core.Pruning;

/// <summary>One repository at a destination: in a registry, or the part of a layout that has its name before the tags.</summary>
internal sealed class PrunePlace
{
    private readonly IImageSource _store;
    private readonly string _prefix;
    private readonly ImageLocation _location;

    private PrunePlace(ImageLocation location, IImageSource store, string prefix)
    {
        _location = location;
        _store = store;
        _prefix = prefix;
    }

    /// <summary>Its name for people, and the same for all its tags.</summary>
    internal string Name => NameOf(_location, _prefix);

    internal string Registry => _location.Registry ?? string.Empty;

    /// <summary>Tags that the run brings here.</summary>
    internal HashSet<string> Chosen { get; } = new(StringComparer.Ordinal);

    /// <summary>Digests that the run brings here without a tag.</summary>
    internal HashSet<Digest> ChosenDigests { get; } = [];

    /// <summary>The tags that a plan says go, with what they were then; null where what isn't chosen goes.</summary>
    internal Dictionary<string, Digest>? Planned { get; set; }

    internal RegistryClient? Client => _store as RegistryClient;

    internal int Connections => _store.Connection.Options.MaxConnectionsPerRegistry;

    /// <summary>The place of a destination; null where there are no tags, as in a folder of one image.</summary>
    internal static PrunePlace? TryCreate(RegistryPool pool, ImageLocation destination)
    {
        if (destination.Image is { } image)
        {
            return new PrunePlace(destination, pool.GetClient(image), string.Empty);
        }

        return destination.Transport == ImageTransport.Oci && PrefixOf(destination.Name) is { } prefix
            ? new PrunePlace(destination, pool.GetFolder(destination), prefix)
            : null;
    }

    /// <summary>The tag of a destination's name here, or null when it goes by its digest.</summary>
    internal static string? TagOf(ImageLocation destination) =>
        destination.Image is { } image ? image.Tag : destination.Name?.Substring(PrefixOf(destination.Name)?.Length ?? 0);

    /// <summary>Whether a destination is in this repository: its name is the same, and doesn't only begin alike.</summary>
    internal bool Holds(ImageLocation destination) =>
        destination.Transport == _location.Transport
        && NameOf(destination, destination.Image is null ? PrefixOf(destination.Name) ?? string.Empty : string.Empty) == Name;

    /// <summary>It may go: nobody has chosen it, and if there is a plan, that says so.</summary>
    internal bool IsCandidate(string tag) => !Chosen.Contains(tag) && (Planned is null || Planned.ContainsKey(tag));

    /// <summary>It is another image than the plan says.</summary>
    internal bool HasMoved(PruneTag tag) => Planned is not null && Planned[tag.Name] != tag.Digest;

    /// <summary>Tags of the plan that aren't here, or that the run brings.</summary>
    internal IReadOnlyList<PruneDecision> FindGone(IReadOnlyList<string> tags) => Planned is null
        ? []
        : Planned.Where(p => !IsCandidate(p.Key) || !tags.Contains(p.Key))
            .Select(p =>
                new PruneDecision(new PruneTag(p.Key, p.Value, null), false, IsCandidate(p.Key) ? PrunePlanner.Gone : "it stays: the run brings it")).ToList();

    internal string Describe(string tag) => _location.Image is { } image ? image.WithTag(tag).ToString() : _location.WithName(_prefix + tag).ToString();

    /// <summary>The tags that are here; none where there is nothing yet.</summary>
    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var names = await _store.ListTagsAsync(cancellationToken).ConfigureAwait(false);
            return names.Where(n => n.StartsWith(_prefix, StringComparison.Ordinal)).Select(n => n.Substring(_prefix.Length))
                .Where(t => ReferenceParser.FindTagFault(t, Name) is null).Distinct(StringComparer.Ordinal).OrderBy(t => t, StringComparer.Ordinal).ToList();
        }
        catch (Errors.OciException e) when (e.Kind is Errors.OciErrorKind.RepositoryUnknown or Errors.OciErrorKind.ManifestUnknown)
        {
            return [];
        }
    }

    internal async Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken) =>
        (await _store.HeadManifestAsync(_prefix + tag, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false))?.Digest;

    internal Task<Manifest> ReadAsync(Digest digest, CancellationToken cancellationToken) => _store.GetManifestAsync(digest.ToString(), WorkScope.Uncounted(cancellationToken));

    /// <summary>Deletes a tag alone; in a layout several at once.</summary>
    internal async Task<DeleteAnswer> DeleteTagAsync(string tag, CancellationToken cancellationToken)
    {
        if (_store is RegistryClient client)
        {
            return await ManifestDeletion.DeleteAsync(client, tag, cancellationToken).ConfigureAwait(false);
        }

        var found = false;
        await ((OciLayout)_store).RemoveAsync(
            index =>
            {
                var entries = index.Entries.Where(e => e.Name == _prefix + tag).ToList();
                found = entries.Count > 0;
                return entries;
            },
            cancellationToken).ConfigureAwait(false);
        return found ? DeleteAnswer.Done : DeleteAnswer.Missing;
    }

    internal Task<DeleteAnswer> DeleteDigestAsync(Digest digest, CancellationToken cancellationToken) =>
        ManifestDeletion.DeleteAsync(Client!, digest.ToString(), cancellationToken);

    private static string NameOf(ImageLocation location, string prefix) =>
        location.PlaceName + (prefix.Length == 0 ? string.Empty : ":" + prefix.TrimEnd(':'));

    // The repository in a layout's name, with the colon; null where the name has none.
    private static string? PrefixOf(string? name)
    {
        var colon = name?.LastIndexOf(':') ?? -1;
        return colon > 0 && name!.IndexOf('@') < 0 ? name.Substring(0, colon + 1) : null;
    }
}
