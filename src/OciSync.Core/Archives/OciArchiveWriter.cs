using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Archives;

/// <summary>An OCI image layout in a tar file that is written, with what speaks of its images.</summary>
internal sealed class OciArchiveWriter : LayoutArchiveWriter, IReferrerStore
{
    internal OciArchiveWriter(string displayName, string path, FolderHost host)
        : base(displayName, path, host)
    {
    }

    // What is in the archive was written in this run: with our mark.
    public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, WorkScope work)
    {
        lock (Lock)
        {
            return Task.FromResult<IReadOnlyList<Descriptor>>(Index.Entries.Where(e => e.Subject == subject.ToString()).Select(e => e.Manifest).ToList());
        }
    }

    public Task AttachAsync(Digest subject, IReadOnlyList<Manifest> referrers, WorkScope work)
    {
        lock (Lock)
        {
            Take(Index.WithReferrers(subject, referrers));
        }

        return Task.CompletedTask;
    }
}
