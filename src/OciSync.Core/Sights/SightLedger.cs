using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Sights;

/// <summary>
/// When tags and digests were first seen from here: a file for each source repository, in a folder that is kept (it is no cache). A file is
/// replaced whole under a lock, so that a kill leaves the old or the new one and two runs at once both count.
/// </summary>
internal sealed class SightLedger(string folder, bool isReadOnly, TimeProvider time, EngineEvents events)
{
    private const string FolderName = "first-sights";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Machines that share a ledger have clocks that differ a little.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly string _folder = Path.Combine(folder, FolderName);
    private readonly Dictionary<string, SightBook> _books = new(StringComparer.Ordinal);
    private int _clockWarnings;

    /// <summary>
    /// Notes tags and digests of a repository that are seen now, and gives what is known of it. In a run that only reads, nothing is noted
    /// but for the run itself.
    /// </summary>
    /// <exception cref="OciException">The file can't be read or written, or is damaged.</exception>
    internal async Task<SightBook> SeeAsync(
        ImageReference repository, IReadOnlyCollection<string> tags, IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken)
    {
        var path = PathOf(repository.Name);
        try
        {
            if (isReadOnly)
            {
                lock (_books)
                {
                    var book = _books.TryGetValue(repository.Name, out var known) ? known : _books[repository.Name] = Read(path, repository.Name);
                    Note(book, tags, digests);
                    return book;
                }
            }

            PrivateFiles.CreateFolder(_folder);
            using var held = await LockFile
                .OpenAsync(path + ".lock", FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose, Patience, cancellationToken).ConfigureAwait(false);
            RemoveDrafts(path);
            var current = Read(path, repository.Name);
            if (Note(current, tags, digests))
            {
                WholeFile.Write(path, SightFile.Write(repository.Name, current), replace: true, isPrivate: true);
            }

            return current;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(
                OciErrorKind.StorageFailed, $"What -MinimumAge knows of '{repository.Name}' can't be read or written in '{_folder}': {e.Message}", e);
        }
    }

    /// <summary>The time that counts: this machine's, or what a run before it knew already.</summary>
    internal DateTimeOffset Now(SightBook book)
    {
        var now = time.GetUtcNow();
        now = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        return now < book.Latest ? book.Latest : now;
    }

    private bool Note(SightBook book, IReadOnlyCollection<string> tags, IReadOnlyCollection<Digest> digests)
    {
        if (book.Latest - time.GetUtcNow() > ClockTolerance && Interlocked.Exchange(ref _clockWarnings, 1) == 0)
        {
            events.Warn($"This machine's clock says {time.GetUtcNow():u}, and a run for -MinimumAge was at {book.Latest:u} already: it was set back, or set "
                + "forward then. Until it is past that time again nothing grows older.");
        }

        var now = Now(book);
        var isNew = now > book.Latest;
        book.Reach(now);
        foreach (var tag in tags)
        {
            isNew |= book.See(tag, now);
        }

        foreach (var digest in digests)
        {
            isNew |= book.See(digest, now);
        }

        return isNew;
    }

    // A killed run may have left the beginning of a file; whoever holds the lock is the only one who writes.
    private static void RemoveDrafts(string path)
    {
        foreach (var draft in Directory.GetFiles(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + ".*.tmp"))
        {
            File.Delete(draft);
        }
    }

    private static SightBook Read(string path, string repository)
    {
        if (!File.Exists(path))
        {
            return new SightBook();
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
        return SightFile.Read(reader.ReadToEnd(), repository, path);
    }

    // The last part of the name is for people; the digest makes it one name, whatever file systems think of letters and lengths.
    private string PathOf(string repository)
    {
        var leaf = repository.Substring(repository.LastIndexOf('/') + 1);
        var hash = Digest.Of(Encoding.UTF8.GetBytes(repository), "sha256").Hex.Substring(0, 24);
        return Path.Combine(_folder, (leaf.Length > 60 ? leaf.Substring(0, 60) : leaf) + "-" + hash + ".txt");
    }
}
