namespace OciSync.Module.Tests;

public sealed class InstallTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Script => Path.Combine(Paths.RepositoryRoot, "tools", "install.ps1");

    private string Place => Path.Combine(_folder.Path, "OciSync", Paths.Get("VersionPrefix"));

    [Fact]
    public void The_installed_module_is_found_by_name()
    {
        using var session = new Session();
        Assert.Equal([Place], session.Run("& $args[0] -Destination $args[1]", Script, _folder.Path));
        var found = session.Run(
            "$env:PSModulePath = $args[0]; Get-Module -ListAvailable OciSync | ForEach-Object ModuleBase",
            _folder.Path);
        Assert.Equal([Place], found);
        Assert.Equal(Files(Paths.Module), Files(Place));
    }

    [Fact]
    public void The_same_version_is_replaced_and_others_are_kept()
    {
        using var session = new Session();
        session.Run("& $args[0] -Destination $args[1]", Script, _folder.Path);
        File.WriteAllText(Path.Combine(Place, "stale.txt"), "of an older build");
        var other = Directory.CreateDirectory(Path.Combine(_folder.Path, "OciSync", "0.0.1")).FullName;
        session.Run("& $args[0] -Destination $args[1]", Script, _folder.Path);
        Assert.Equal(Files(Paths.Module), Files(Place));
        Assert.Equal([other, Place], Directory.GetDirectories(Path.Combine(_folder.Path, "OciSync")).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file))
        .Order(StringComparer.Ordinal);
}
