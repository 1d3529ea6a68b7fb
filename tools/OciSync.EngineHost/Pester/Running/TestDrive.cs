using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Running;

/// <summary>The folder of a test file, also as the drive TestDrive:; what a block puts there goes when the block ends.</summary>
internal sealed class TestDrive : IDisposable
{
    private const string Name = "TestDrive";

    private readonly SessionState _session;
    private readonly PSDriveInfo? _outer;

    public TestDrive(SessionState session)
    {
        _session = session;
        Path = Directory.CreateTempSubdirectory("testdrive").FullName;
        _outer = session.Drive.GetAll().FirstOrDefault(static drive => drive.Name == Name);
        Mount(new PSDriveInfo(Name, session.Provider.GetOne("FileSystem"), Path, description: string.Empty, credential: null));
    }

    public string Path { get; }

    public IReadOnlySet<string> Entries() => new HashSet<string>(Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories));

    public void Restore(IReadOnlySet<string> entries)
    {
        foreach (var entry in Entries().Where(entry => !entries.Contains(entry)))
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }

    public void Dispose()
    {
        if (_outer is null)
        {
            _session.Drive.Remove(Name, force: true, "global");
        }
        else
        {
            Mount(_outer);
        }

        Directory.Delete(Path, recursive: true);
    }

    private void Mount(PSDriveInfo drive)
    {
        if (_session.Drive.GetAll().Any(static known => known.Name == Name))
        {
            _session.Drive.Remove(Name, force: true, "global");
        }

        _session.Drive.New(drive, "global");
    }
}
