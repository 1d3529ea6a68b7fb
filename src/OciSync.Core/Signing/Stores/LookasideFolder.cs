using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>Signatures in a folder of this machine. The first number that isn't there is the end.</summary>
internal sealed class LookasideFolder(string folder, string repository) : IWritableStore
{
    public Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work)
    {
        var list = new SignatureList(OciErrorKind.StorageFailed);
        var files = FilesOf(manifest);
        for (string path; File.Exists(path = files.PathOf(list.Next));)
        {
            work.Token.ThrowIfCancellationRequested();
            list.Add(Read(path), path);
        }

        return Task.FromResult(list.Signatures);
    }

    public Task<string> AppendAsync(Digest manifest, byte[] signature, int taken, WorkScope work)
    {
        work.Token.ThrowIfCancellationRequested();
        return Task.FromResult(FilesOf(manifest).Append(signature, taken));
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
