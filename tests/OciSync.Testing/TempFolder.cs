namespace OciSync.Testing;

/// <summary>A folder of its own below the system's temp folder, deleted with everything in it on dispose.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>The full path; the folder exists.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("ocisync-").FullName;

    /// <summary>The path of an entry in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc />
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    /// <inheritdoc />
    public override string ToString() => Path;
}
