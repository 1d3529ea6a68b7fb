using System.Collections.Concurrent;
using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Uploads;

/// <summary>
/// Where uploads of large blobs stand: in a folder of the user's own, so that a run that comes after a killed one goes on with them;
/// without such a folder, for this run. Each is one run's at a time.
/// </summary>
internal sealed class UploadRecords(string? folder, TimeProvider time, EngineEvents events)
{
    // Registries forget uploads after a day or a week.
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, string> _memory = new(StringComparer.Ordinal);
    private readonly string? _folder = folder is null ? null : Path.Combine(folder, "uploads");
    private int _swept;

    /// <summary>The record of a blob on its way to a repository; it may be empty.</summary>
    internal UploadRecord Open(string repository, Descriptor blob)
    {
        var key = $"{repository} {blob.Digest} {blob.Size}";
        return new UploadRecord(key, TryOpenFile(key), _memory);
    }

    private FileStream? TryOpenFile(string key)
    {
        if (_folder is null)
        {
            return null;
        }

        try
        {
            PrivateFiles.CreateFolder(_folder);
            if (Interlocked.Exchange(ref _swept, 1) == 0)
            {
                Sweep();
            }

            return PrivateFiles.Open(Path.Combine(_folder, Digest.Of(Encoding.UTF8.GetBytes(key), "sha256").Hex + ".json"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.Decide($"An upload can't be noted in '{_folder}' (another run may be at it): {e.Message}");
            return null;
        }
    }

    private void Sweep()
    {
        foreach (var old in Directory.EnumerateFiles(_folder!, "*.json").Where(f => time.GetUtcNow() - File.GetLastWriteTimeUtc(f) > Life).ToList())
        {
            try
            {
                File.Delete(old);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                events.Decide($"'{old}' is out of date and can't be deleted: {e.Message}");
            }
        }
    }
}
