using System.IO.Compression;
using System.Xml.Linq;

namespace OciSync.Module.Tests;

/// <summary>The package is read as a gallery reads it.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ZipArchive _package;

    public PackageTests()
    {
        using var session = new Session();
        var path = (string)session.Run("& $args[0] -OutputFolder $args[1]", Script, _folder.Path).Single()!;
        Assert.Equal(Path.Combine(_folder.Path, $"OciSync.{Paths.Get("VersionPrefix")}.nupkg"), path);
        _package = ZipFile.OpenRead(path);
    }

    private static string Script => Path.Combine(Paths.RepositoryRoot, "tools", "package.ps1");

    [Fact]
    public void Id_version_and_licence()
    {
        Assert.Equal("OciSync", Metadata("id"));
        Assert.Equal(Paths.Get("VersionPrefix"), Metadata("version"));
        Assert.Equal("MIT", Metadata("license"));
        Assert.NotEmpty(Metadata("authors"));
        Assert.NotEmpty(Metadata("description"));
    }

    [Fact]
    public void Tags_tell_a_module_its_editions_and_its_cmdlets()
    {
        var tags = Metadata("tags").Split(' ');
        Assert.Subset(
            tags.ToHashSet(),
            new HashSet<string>
            {
                "PSModule", "PSEdition_Desktop", "PSEdition_Core", "PSIncludes_Cmdlet", "PSCmdlet_Sync-OciImage", "PSCommand_Sync-OciImage",
                "container", "oci", "registry", "docker", "skopeo", "mirror",
            });
        Assert.Equal(tags.Distinct(), tags);
    }

    [Fact]
    public void The_modules_files_are_at_the_root_byte_for_byte()
    {
        foreach (var file in Directory.GetFiles(Paths.Module, "*", SearchOption.AllDirectories))
        {
            var entry = _package.GetEntry(Path.GetRelativePath(Paths.Module, file).Replace('\\', '/'));
            Assert.NotNull(entry);
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            Assert.Equal(File.ReadAllBytes(file), content.ToArray());
        }
    }

    [Fact]
    public void Every_part_has_a_content_type_and_the_relations_point_at_parts()
    {
        var types = Document("[Content_Types].xml").Root!.Elements().ToList();
        var known = types.Select(type => (string?)type.Attribute("Extension") ?? (string)type.Attribute("PartName")!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.All(
            _package.Entries.Select(entry => entry.FullName).Where(name => name != "[Content_Types].xml"),
            name => Assert.True(known.Contains(Path.GetExtension(name).TrimStart('.')) || known.Contains("/" + name), name));
        Assert.All(
            Document("_rels/.rels").Root!.Elements(),
            relation => Assert.NotNull(_package.GetEntry(((string)relation.Attribute("Target")!).TrimStart('/'))));
    }

    public void Dispose()
    {
        _package.Dispose();
        _folder.Dispose();
    }

    private XDocument Document(string name)
    {
        using var stream = _package.GetEntry(name)!.Open();
        return XDocument.Load(stream);
    }

    private string Metadata(string name) =>
        Document("OciSync.nuspec").Descendants().Single(element => element.Name.LocalName == name).Value;
}
