using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.SyncFiles;
using OciSync.Core.Text;

namespace OciSync.Core.Engine;

/// <summary>Images on their way into a sync file: collected, chosen and pinned where they must be, and written as text.</summary>
public sealed class SyncExport
{
    private readonly List<ExportedImage> _images = [];
    private readonly List<(int At, OciSyncEntry Entry)> _entries = [];
    private readonly List<LeftOutSource> _leftOut = [];
    private readonly AbsenceCheck _absences = new();

    /// <summary>Places for the head of a file of our format; images that name their own destination don't go there.</summary>
    public List<string> Destinations { get; } = [];

    /// <summary>What does not exist is left out, whether or not that was known.</summary>
    public bool SkipMissing { get; set; }

    /// <summary>What the file is written without, in words for it.</summary>
    public IReadOnlyList<LeftOutSource> LeftOut => _leftOut;

    /// <summary>How many images were written.</summary>
    public int Count => _images.Count;

    /// <summary>An image has a destination, or only a part of it is meant: skopeo's format can't say so.</summary>
    public bool NeedsOwnFormat => _images.Exists(i => i.Destinations.Count > 0 || i.Settings is not null);

    /// <summary>Takes an image in.</summary>
    /// <param name="source">Its reference, with a tag or a digest.</param>
    /// <param name="destination">Its full name at the destination, or null.</param>
    /// <param name="digest">What its tag points to, where that is known.</param>
    /// <param name="selection">What of it, as a row says (<see cref="OciSyncResult.Selection"/>).</param>
    /// <exception cref="OciException">A sync file can't name it.</exception>
    public void Add(string source, ImageLocation? destination, string? digest, string? selection)
    {
        var location = ImageLocation.Parse(source);
        if (location.Image is not { IsRepository: false } image)
        {
            throw new OciException(
                location.Image is null ? OciErrorKind.TransportUnsupported : OciErrorKind.TagRequired,
                $"'{source}' is no image of a registry with a tag or digest; a sync file can't name it.");
        }

        var pin = string.IsNullOrEmpty(digest) ? image.Digest : ParseDigest(digest!);
        var part = string.IsNullOrEmpty(selection) ? null : EntryReader.Read(selection!);
        _images.Add(new ExportedImage(image, pin, part?.Selection)
        {
            Referrers = part?.Referrers ?? false,
            Conversion = part?.Conversion,
            Trust = part?.Trust,
            Signing = part?.Signing,
            Destinations = destination is null ? [] : [NameFor(image, destination)]
        });
    }

    /// <summary>Takes note of what the file is written without.</summary>
    public void LeaveOut(string source, string reason) => _leftOut.Add(new LeftOutSource(Printable.Line(source), reason));

    /// <summary>Takes in what an entry of a sync file asks for.</summary>
    public void Add(OciSyncEntry entry)
    {
        if (entry.Selector is not null)
        {
            _entries.Add((_images.Count, entry));
            return;
        }

        _images.AddRange(entry.Tag.Select(t => FromEntry(entry, ImageReference.Parse(entry.ReferenceOf(t)))));
    }

    /// <summary>
    /// Chooses the tags of the entries that name none, and finds the digests that are not known where <paramref name="pin"/> asks for them.
    /// What does not exist goes to <see cref="LeftOut"/> where that is known or asked for.
    /// </summary>
    /// <param name="engine">Asks the registries.</param>
    /// <param name="pin">With digests.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What can't be found, and its failure.</returns>
    public async Task<IReadOnlyList<LeftOutSource>> ResolveAsync(OciEngine engine, bool pin, CancellationToken cancellationToken)
    {
        var chosen = new List<ExportedImage>[_entries.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, chosen.Length),
            engine.Limit,
            (i, token) => _absences.TryAsync(
                _entries[i].Entry.Name,
                _entries[i].Entry.KnownMissing,
                async () => chosen[i] = await ChooseAsync(engine, _entries[i].Entry, token).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        for (var i = chosen.Length - 1; i >= 0; i--)
        {
            _images.InsertRange(_entries[i].At, chosen[i] ?? []);
        }

        _entries.Clear();
        if (pin)
        {
            await Throttle.ForEachAsync(
                Enumerable.Range(0, _images.Count).Where(i => _images[i].Digest is null),
                engine.Limit,
                (i, token) => _absences.TryAsync(
                    _images[i].Source,
                    _images[i].IsKnownMissing,
                    async () => _images[i] = await PinAsync(engine, _images[i], token).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
        }

        var (absent, failed) = _absences.Divide(SkipMissing);
        _leftOut.AddRange(absent);
        _images.RemoveAll(i => absent.Any(a => a.Reference == i.Source.ToString()));
        if (!pin)
        {
            LeaveOutLaterNames();
        }

        return failed;
    }

    // In sync-image's file the first of two repositories that end alike has the tags that both have; skopeo's has no other way to say so.
    private void LeaveOutLaterNames()
    {
        var taken = new Dictionary<string, ImageReference>(StringComparer.Ordinal);
        foreach (var image in _images.Where(i => i.FirstWins).ToList())
        {
            var name = image.Source.Repository.Split('/').Last() + ":" + image.TagOrDigest;
            if (!taken.TryGetValue(name, out var first))
            {
                taken.Add(name, image.Source);
            }
            else if (first.Name != image.Source.Name)
            {
                _images.Remove(image);
                _leftOut.Add(new LeftOutSource(image.Source.ToString(), $"'{first}' comes first and has the name {name}"));
            }
        }
    }

    /// <summary>Whether leaving out what is missing would make the failures fewer.</summary>
    public bool WouldSkip => !SkipMissing && _absences.Divide(skipMissing: true).Absent.Count > _absences.Divide(skipMissing: false).Absent.Count;

    /// <summary>The text of the file.</summary>
    public string Write(SyncFileFormat format) => format == SyncFileFormat.Skopeo
        ? SyncFileWriter.WriteSkopeo(_images, _leftOut)
        : SyncFileWriter.WriteOwn(_images, Destinations, _leftOut);

    private static async Task<List<ExportedImage>> ChooseAsync(OciEngine engine, OciSyncEntry entry, CancellationToken cancellationToken)
    {
        var tags = await engine.ChooseTagsAsync(entry.Name, entry.Selector!, cancellationToken).ConfigureAwait(false);
        return tags.Wanted.Select(t => FromEntry(entry, entry.Name.WithTag(t.Tag))).ToList();
    }

    private static async Task<ExportedImage> PinAsync(OciEngine engine, ExportedImage image, CancellationToken cancellationToken) =>
        image with { Digest = ParseDigest(await engine.FindDigestAsync(image.Source, null, cancellationToken).ConfigureAwait(false)) };

    private static ExportedImage FromEntry(OciSyncEntry entry, ImageReference source) => new(source, source.Digest, entry.Selection)
    {
        Destinations = entry.Destination,
        Referrers = entry.Referrers ?? false,
        Conversion = entry.Conversion,
        Trust = entry.Trust,
        Signing = entry.Signing,
        IsKnownMissing = entry.KnownMissing,
        FirstWins = entry.FirstWins,
    };

    // A repository's name where the tag is the source's, so that images of one repository are one entry.
    private static string NameFor(ImageReference source, ImageLocation destination) =>
        destination.Image is { } image && (image.Tag == source.Tag || image.Digest is not null) ? image.Name : destination.ToString();

    private static Digest ParseDigest(string text) => Digest.TryParse(text, out var digest, out var fault)
        ? digest!
        : throw new OciException(OciErrorKind.ReferenceInvalid, $"The SourceDigest is no digest: {fault}.");
}
