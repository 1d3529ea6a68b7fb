using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Copying;

/// <summary>
/// All that speaks of an image at the source: of its manifests, and of these referrers in turn. By <c>subject</c>, and cosign's tags. What is
/// listed and can't be read is a fault, and the rest is found all the same.
/// </summary>
internal sealed class SourceReferrers
{
    private const int MaxDepth = 8;
    private const int MaxTagPages = 8;

    private static readonly string[] CosignSuffixes = ["sig", "att", "sbom"];

    private readonly IImageSource _source;
    private readonly IReferrerStore? _store;
    private readonly ImageLocation _reference;
    private readonly HashSet<Digest> _asked = [];
    private readonly HashSet<(Digest Digest, string? Tag)> _seen = [];
    private IReadOnlyList<string>? _names;

    private SourceReferrers(IImageSource source, IReferrerStore? store, ImageLocation reference)
    {
        _source = source;
        _store = store;
        _reference = reference;
    }

    /// <summary>What was found, what is spoken of before what speaks of it.</summary>
    internal List<Referrer> All { get; } = [];

    /// <summary>How many a look for signatures found that are none, or can't be read.</summary>
    internal int Others { get; private set; }

    /// <summary>Referrers that are listed and can't be read.</summary>
    internal List<OciException> Faults { get; } = [];

    internal static async Task<SourceReferrers> LoadAsync(
        IImageSource source, ImageLocation reference, IReadOnlyList<Digest> subjects, WorkScope work)
    {
        if (source is not IReferrerStore store)
        {
            source.Connection.Events.Warn($"'{source.DisplayName}' can't hold bundles, SBOMs and other referrers: none are copied from it.");
            return new SourceReferrers(source, null, reference);
        }

        var found = new SourceReferrers(source, store, reference);
        found._names = await found.ListNamesAsync(work.Token).ConfigureAwait(false);
        var level = subjects.Where(found._asked.Add).ToList();
        for (var depth = 0; level.Count > 0; depth++)
        {
            level = await found.LoadLevelAsync(level, depth, work).ConfigureAwait(false);
        }

        return found;
    }

    /// <summary>
    /// The signatures among the referrers of one manifest. Each is read to tell, as what a list says of its kind is not believed: cosign writes another
    /// one there than the manifest has. What can't be read is a fault, and no signature that anybody could check.
    /// </summary>
    internal static async Task<SourceReferrers> LoadSignaturesAsync(IImageSource source, ImageLocation reference, Digest subject, WorkScope work)
    {
        var found = new SourceReferrers(source, (IReferrerStore)source, reference);
        var listed = await found._store!.ListReferrersAsync(subject, work).ConfigureAwait(false);
        RefuseMany(listed.Count, reference);
        await found.LoadEntriesAsync(listed.Select(d => (subject, d, (string?)null)).Where(e => found._seen.Add((e.d.Digest, null))).ToList(), work)
            .ConfigureAwait(false);
        found.Others = found.All.RemoveAll(r => !r.IsSignature) + found.Faults.Count;
        return found;
    }

    private async Task<List<Digest>> LoadLevelAsync(List<Digest> subjects, int depth, WorkScope work)
    {
        var entries = new List<(Descriptor Entry, string? Tag)>[subjects.Count];
        await ForEachAsync(subjects.Count, async (i, part) => entries[i] = await FindAsync(subjects[i], part).ConfigureAwait(false), work)
            .ConfigureAwait(false);
        var wanted = subjects.SelectMany(
            (s, i) => entries[i].Select(e => (Subject: s, e.Entry, e.Tag))).Where(w => _seen.Add((w.Entry.Digest, w.Tag))).ToList();
        if (depth == MaxDepth && wanted.Count > 0)
        {
            throw new OciException(OciErrorKind.ReferrerLost, $"Referrers of '{_reference}' have referrers of their own more than {MaxDepth} deep.");
        }

        RefuseMany(_seen.Count, _reference);
        var good = await LoadEntriesAsync(wanted, work).ConfigureAwait(false);
        return good.SelectMany(r => r.Tree.Children.Concat([r.Tree.Root])).Select(m => m.Digest).Where(_asked.Add).ToList();
    }

    private static void RefuseMany(int count, ImageLocation reference)
    {
        if (count > ReferrerLister.MaxReferrers)
        {
            throw new OciException(OciErrorKind.ReferrerLost, $"'{reference}' has more than {ReferrerLister.MaxReferrers:N0} referrers.");
        }
    }

    private async Task<List<Referrer>> LoadEntriesAsync(List<(Digest Subject, Descriptor Entry, string? Tag)> wanted, WorkScope work)
    {
        var loaded = new Referrer?[wanted.Count];
        await ForEachAsync(
            wanted.Count,
            async (i, part) => loaded[i] = await TryLoadAsync(wanted[i].Subject, wanted[i].Entry, wanted[i].Tag, part).ConfigureAwait(false),
            work).ConfigureAwait(false);
        var good = loaded.OfType<Referrer>().ToList();
        All.AddRange(good);
        return good;
    }

    private async Task<List<(Descriptor Entry, string? Tag)>> FindAsync(Digest subject, WorkScope work)
    {
        var listed = await _store!.ListReferrersAsync(subject, work).ConfigureAwait(false);
        var found = listed.Select(d => (d, (string?)null)).ToList();
        foreach (var tag in CosignTags(subject))
        {
            if (await _source.HeadManifestAsync(_reference.NameBeside(tag), work).ConfigureAwait(false) is { } head)
            {
                found.Add((new Descriptor(head.MediaType ?? string.Empty, head.Digest, -1), tag));
            }
        }

        return found;
    }

    private IEnumerable<string> CosignTags(Digest subject)
    {
        var start = ReferrerIndex.TagFor(subject) + ".";
        if (_names is null)
        {
            return CosignSuffixes.Select(s => start + s);
        }

        var prefix = _reference.NameBeside(start);
        return _names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.Length > prefix.Length).Select(n => start + n.Substring(prefix.Length));
    }

    // A short list of tags spares a question for each tag there may be.
    private async Task<IReadOnlyList<string>?> ListNamesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _source is RegistryClient registry
                ? await NameLister.TryListTagsAsync(registry, MaxTagPages, cancellationToken).ConfigureAwait(false)
                : await _source.ListTagsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            _source.Connection.Events.Tell($"'{_source.DisplayName}' does not list its tags; cosign's are asked for one by one: {e.Message}");
            return null;
        }
    }

    private async Task<Referrer?> TryLoadAsync(Digest subject, Descriptor entry, string? tag, WorkScope work)
    {
        try
        {
            var root = await _source.GetManifestAsync(entry.Digest.ToString(), work).ConfigureAwait(false);
            if (tag is null && root.Subject?.Digest != subject)
            {
                _source.Connection.Events.Warn(
                    $"'{_source.DisplayName}' lists {entry.Digest} as a referrer of {subject}, which it does not speak of; it is left out.");
                return null;
            }

            return new Referrer(subject, await ImageTree.LoadAsync(_source, root, work).ConfigureAwait(false), tag);
        }
        catch (OciException e)
        {
            lock (Faults)
            {
                Faults.Add(Lost(e, $"'{_source.DisplayName}' lists {tag ?? entry.Digest.ToString()} as a referrer of {subject}, and it can't be read"));
            }

            return null;
        }
    }

    /// <summary>A failure of a referrer, where it isn't one of the way there: then the kind of that tells more.</summary>
    internal static OciException Lost(OciException e, string what)
    {
        var kind = e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.BlobUnknown or OciErrorKind.DigestMismatch or OciErrorKind.ManifestInvalid
            or OciErrorKind.ManifestRefused or OciErrorKind.AttestationRefused or OciErrorKind.Unsupported or OciErrorKind.TooLarge
            ? OciErrorKind.ReferrerLost
            : e.Kind;
        return e.With(kind, $"{what}: {e.Message}", e);
    }

    private Task ForEachAsync(int count, Func<int, WorkScope, Task> action, WorkScope work) => Throttle.ForEachAsync(
        Enumerable.Range(0, count), _source.Connection.Options.MaxConnectionsPerRegistry, (i, token) => action(i, work.With(token)), work.Token);
}

/// <summary>Something that speaks of a manifest, as the source has it.</summary>
/// <param name="Subject">The manifest.</param>
/// <param name="Tree">The referrer and all below it.</param>
/// <param name="Tag">The tag that makes it one, where it is one of cosign's; null for one that names its subject.</param>
internal sealed record Referrer(Digest Subject, ImageTree Tree, string? Tag)
{
    private const string PredicateKey = "dev.sigstore.bundle.predicateType";

    internal Digest Digest => Tree.Root.Digest;

    /// <summary>A list of sigstore's attachments, to which others may add.</summary>
    internal bool IsAttachment => Tag == AttachmentSignatures.TagFor(Subject) && Tree.Root.MediaType == MediaTypes.OciManifest
        && Tree.Root.Layers.Count > 0 && Tree.Root.Layers.All(l => l.MediaType == SigstoreAnnotations.PayloadType);

    /// <summary>A signature, in one of its forms; what is attested of an image, such as an SBOM, is none.</summary>
    internal bool IsSignature => IsAttachment || Tree.Root.Layers.Any(IsSignatureLayer);

    /// <summary>What it is among the signatures of an image. Of one that is a referrer there is nothing to be read: it goes as it is.</summary>
    internal ListedSignature AsSignature()
    {
        var layer = Tree.Root.Layers.First(IsSignatureLayer);
        var kind = layer.MediaType switch
        {
            ReferrerTypes.Bundle => SignatureKind.Bundle,
            SigstoreAnnotations.PayloadType => SignatureKind.Sigstore,
            _ => SignatureKind.Notary,
        };
        return new ListedSignature(kind, layer.Digest.ToString(), _ => throw new InvalidOperationException("A referrer is copied as it is."))
        {
            IsReferrer = true,
        };
    }

    private bool IsSignatureLayer(Descriptor layer) => layer.MediaType is ReferrerTypes.NotaryJws or ReferrerTypes.NotaryCose
        || (layer.MediaType == SigstoreAnnotations.PayloadType && Tag is null)
        || (layer.MediaType == ReferrerTypes.Bundle
            && (!Tree.Root.Annotations.TryGetValue(PredicateKey, out var predicate) || predicate == SignedStatement.SignaturePredicate));
}
