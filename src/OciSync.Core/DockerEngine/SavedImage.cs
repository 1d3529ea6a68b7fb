using OciSync.Core.Folders;
using OciSync.Core.Tar;

namespace OciSync.Core.DockerEngine;

/// <summary>A file in the temp folder that an engine saved an image to, for as long as the image is read.</summary>
internal sealed class SavedImage : IDisposable
{
    private SavedImage(string file) => File = file;

    internal string File { get; }

    /// <summary>Saves an image; null when the engine has it not, or not so much of it.</summary>
    /// <param name="name">The image.</param>
    /// <param name="platform">The one platform that is saved, in JSON as the API has it, or null for all that the engine saves.</param>
    /// <param name="host">Whose options say where the engine and the temp folder are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static async Task<SavedImage?> CreateAsync(string name, string? platform, FolderHost host, CancellationToken cancellationToken)
    {
        var saved = new SavedImage(ArchiveTemp.Create(host.Options));
        var isSaved = false;
        try
        {
            using var client = DaemonClient.Create(host.Options);
            isSaved = await client.SaveAsync(name, platform, saved.File, cancellationToken).ConfigureAwait(false);
            return isSaved ? saved : null;
        }
        finally
        {
            if (!isSaved)
            {
                saved.Dispose();
            }
        }
    }

    public void Dispose() => ArchiveTemp.Remove(File);
}
