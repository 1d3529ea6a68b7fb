using System.Security.Cryptography;
using System.Text;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Files;

/// <summary>
/// Small files that runs leave for later runs, one for each key, in a folder for its owner alone. One that nobody has written or renewed for their life
/// says nothing any more, and goes when a run first writes there.
/// </summary>
/// <param name="path">The folder; it is made where it isn't there.</param>
/// <param name="life">How long a file says something.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Told of an old file that can't be deleted.</param>
internal sealed class RecordFolder(string path, TimeSpan life, TimeProvider time, Action<string> tell)
{
    private readonly object _lock = new();
    private bool _isSwept;

    /// <summary>The folder below that of <c>-StatePath</c>; null where there is none, and nothing is noted.</summary>
    internal static RecordFolder? Below(string? statePath, string name, TimeSpan life, TimeProvider time, Action<string> tell) =>
        statePath is null ? null : new RecordFolder(Path.Combine(statePath, name), life, time, tell);

    /// <inheritdoc/>
    public override string ToString() => path;

    /// <summary>The file of a key, whether it is there or not.</summary>
    internal string PathOf(string key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(key));
        return Path.Combine(path, BitConverter.ToString(hash.GetHashAndReset()).Replace("-", string.Empty).ToLowerInvariant() + ".json");
    }

    /// <summary>What was noted, or null.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal byte[]? Read(string key)
    {
        lock (_lock)
        {
            var file = PathOf(key);
            return File.Exists(file) && !IsOld(file) ? File.ReadAllBytes(file) : null;
        }
    }

    /// <summary>Notes something in the place of what was noted.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal void Write(string key, byte[] content)
    {
        lock (_lock)
        {
            Prepare();
            File.Delete(PathOf(key));
            PrivateFiles.Write(PathOf(key), content);
        }
    }

    /// <summary>Opens the file of a key, or makes it, for one user of it at a time, whatever its age.</summary>
    /// <exception cref="IOException">Somebody else has it open, or it can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be made.</exception>
    internal FileStream Open(string key)
    {
        lock (_lock)
        {
            Prepare();
            return PrivateFiles.Open(PathOf(key));
        }
    }

    /// <summary>Its life begins anew.</summary>
    /// <exception cref="IOException">It is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    internal void Renew(string key) => File.SetLastWriteTimeUtc(PathOf(key), time.GetUtcNow().UtcDateTime);

    /// <summary>Forgets what was noted, if anything was.</summary>
    /// <exception cref="IOException">It can't be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal void Delete(string key)
    {
        if (File.Exists(PathOf(key)))
        {
            File.Delete(PathOf(key));
        }
    }

    private bool IsOld(string file) => time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > life;

    private void Prepare()
    {
        PrivateFiles.CreateFolder(path);
        if (_isSwept)
        {
            return;
        }

        _isSwept = true;
        foreach (var old in Directory.EnumerateFiles(path, "*.json").Where(IsOld).ToList())
        {
            try
            {
                File.Delete(old);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                tell($"'{old}' is out of date and can't be deleted: {e.Message}");
            }
        }
    }
}
