using System.Collections.Concurrent;
using OciSync.Core.Files;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;

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
    private readonly RecordFolder? _folder = RecordFolder.Below(folder, "uploads", Life, time, events.Tell);

    /// <summary>The record of a blob on its way to a repository; it may be empty.</summary>
    internal UploadRecord Open(string repository, Descriptor blob)
    {
        var key = $"{repository} {blob.Digest} {blob.Size}";
        return new UploadRecord(key, TryOpenFile(key), _memory);
    }

    private FileStream? TryOpenFile(string key)
    {
        try
        {
            return _folder?.Open(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.Tell($"An upload can't be noted in '{_folder}' (another run may be at it): {e.Message}");
            return null;
        }
    }
}
