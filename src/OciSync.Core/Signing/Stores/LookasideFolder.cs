using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>Signatures in a folder of this machine. The first number that isn't there is the end.</summary>
internal sealed class LookasideFolder(string folder, string repository) : IWritableStore
{
    public Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work) => Task.FromResult(ReadBehind(manifest, 0, work));

    /// <summary>
    /// The signatures of a manifest in a folder that is filled beside another place: there they have one row of numbers, and the first that is in
    /// neither is the end.
    /// </summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="taken">Numbers up to this one are taken in the other place.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">One can't be read.</exception>
    internal IReadOnlyList<FoundSignature> ReadBehind(Digest manifest, int taken, WorkScope work)
    {
        var list = new SignatureList(OciErrorKind.StorageFailed);
        var files = FilesOf(manifest);
        for (var number = 1; ; number++)
        {
            work.Token.ThrowIfCancellationRequested();
            var path = files.PathOf(number);
            if (File.Exists(path))
            {
                list.Add(Read(path), path);
            }
            else if (number > taken)
            {
                return list.Signatures;
            }
        }
    }

    public Task<string> AppendAsync(Digest manifest, byte[] signature, int taken, WorkScope work)
    {
        work.Token.ThrowIfCancellationRequested();
        return Task.FromResult(FilesOf(manifest).Append(signature, taken));
    }

    /// <summary>Whether there is a signature of any image of the repository.</summary>
    internal bool HasAny()
    {
        var path = Path.Combine(folder, repository.Replace('/', Path.DirectorySeparatorChar));
        try
        {
            var parent = new DirectoryInfo(Path.GetDirectoryName(path)!);
            return parent.Exists && parent.EnumerateDirectories(Path.GetFileName(path) + "@*").Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What this user may not look into is none of his.
            return false;
        }
    }

    private NumberedFiles FilesOf(Digest manifest) =>
        new(Path.Combine(folder, Lookaside.PathOf(repository, manifest).Replace('/', Path.DirectorySeparatorChar)), string.Empty);

    private static byte[] Read(string path)
    {
        try
        {
            // A pipe or a device would be waited for; like an empty file it has no size.
            return new FileInfo(path).Length == 0 ? [] : SettingsFile.ReadBytes(path, SignatureFile.MaxLength);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"The signature '{path}' can't be read: {e.Message}", e);
        }
    }
}
