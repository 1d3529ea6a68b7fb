namespace OciSync.Module.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("ocisync-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
