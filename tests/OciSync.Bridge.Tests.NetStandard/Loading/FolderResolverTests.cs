using System.Reflection;
using OciSync.PowerShell.Loading;

namespace OciSync.Bridge.Tests.Loading;

public sealed class FolderResolverTests
{
    private static readonly Assembly Ours = typeof(FolderResolver).Assembly;
    private static readonly string Folder = Path.GetDirectoryName(Ours.Location)!;
    private static readonly AssemblyName Shipped = AssemblyName.GetAssemblyName(Path.Combine(Folder, "Tomlyn.dll"));

    private readonly FolderResolver _resolver = new(Folder);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void The_shipped_version_must_not_be_older_than_the_one_asked_for(int difference, bool expected)
    {
        var asked = new AssemblyName(Shipped.FullName) { Version = new Version(Shipped.Version!.Major + difference, 0) };
        Assert.Equal(expected, _resolver.Resolve(asked.FullName, Ours) is not null);
    }

    [Fact]
    public void A_file_of_another_publisher_is_not_given()
    {
        var asked = new AssemblyName(Shipped.FullName);
        asked.SetPublicKeyToken([1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Null(_resolver.Resolve(asked.FullName, Ours));
    }

    [Fact]
    public void Assemblies_of_others_get_no_answer()
    {
        Assert.Null(_resolver.Resolve(Shipped.FullName, typeof(object).Assembly));
        Assert.NotNull(_resolver.Resolve(Shipped.FullName, null));
    }

    [Fact]
    public void What_is_not_in_the_folder_is_not_looked_for_elsewhere() =>
        Assert.Null(_resolver.Resolve("System.Private.Xml, Version=1.0.0.0", Ours));
}
