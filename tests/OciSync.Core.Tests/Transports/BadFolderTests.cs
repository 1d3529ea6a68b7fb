using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Transports;

/// <summary>Folders that are not what they should be: one error each, which names the file, and nothing half written.</summary>
public sealed class BadFolderTests
{
    private const string Elsewhere = "/etc/passwd";

    private readonly TestImage _image = ImageFactory.Create();

    private string Layer => _image.Blobs.OrderByDescending(b => b.Value.Length).First().Key.Substring("sha256:".Length);

    private string Root => _image.Digest.Substring("sha256:".Length);

    [Theory]
    [InlineData("missing blob", "OciBlobUnknown", "blobs/sha256/<layer>")]
    [InlineData("other bytes", "OciDigestMismatch", "blobs/sha256/<layer>")]
    [InlineData("truncated", "OciDigestMismatch", "blobs/sha256/<layer>")]
    [InlineData("longer", "OciDigestMismatch", "blobs/sha256/<layer>")]
    [InlineData("empty blob", "OciLayoutInvalid", "blobs/sha256/<layer>")]
    [InlineData("folder for blob", "OciLayoutInvalid", "blobs/sha256/<layer>")]
    [InlineData("link out", "OciLayoutInvalid", "blobs/sha256/<layer>")]
    [InlineData("relative link out", "OciLayoutInvalid", "blobs/sha256/<layer>")]
    [InlineData("folder link out", "OciLayoutInvalid", "blobs")]
    [InlineData("missing manifest", "OciBlobUnknown", "blobs/sha256/<root>")]
    [InlineData("other manifest", "OciDigestMismatch", "blobs/sha256/<root>")]
    [InlineData("no index", "OciLayoutInvalid", "index.json")]
    [InlineData("index is no JSON", "OciLayoutInvalid", "index.json")]
    [InlineData("index is a list", "OciLayoutInvalid", "index.json")]
    [InlineData("index without manifests", "OciLayoutInvalid", "index.json")]
    [InlineData("index with a key twice", "OciLayoutInvalid", "index.json")]
    [InlineData("index with a path as digest", "OciLayoutInvalid", "index.json")]
    [InlineData("index with a name twice", "OciLayoutInvalid", "index.json")]
    [InlineData("empty index", "OciLayoutInvalid", "index.json")]
    [InlineData("newer version", "OciLayoutInvalid", "oci-layout")]
    [InlineData("no version", "OciLayoutInvalid", "oci-layout")]
    [InlineData("version is no JSON", "OciLayoutInvalid", "oci-layout")]
    public async Task A_layout_with_a_fault(string fault, string errorId, string file)
    {
        using var folder = new TempFolder();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await WriteAsync($"oci:{folder["m"]}:a:1");
        Spoil(fault, folder["m"], Path.Combine("blobs", "sha256"));

        await ExpectAsync($"oci:{folder["m"]}:a:1", folder, destination, errorId, file);
    }

    [Theory]
    [InlineData("missing blob", "OciBlobUnknown", "<layer>")]
    [InlineData("other bytes", "OciDigestMismatch", "<layer>")]
    [InlineData("truncated", "OciDigestMismatch", "<layer>")]
    [InlineData("link out", "OciLayoutInvalid", "<layer>")]
    [InlineData("manifest link out", "OciLayoutInvalid", "manifest.json")]
    [InlineData("manifest is no JSON", "OciManifestInvalid", "manifest.json")]
    [InlineData("newer dir version", "OciLayoutInvalid", "version")]
    public async Task A_folder_of_an_image_with_a_fault(string fault, string errorId, string file)
    {
        using var folder = new TempFolder();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await WriteAsync("dir:" + folder["m"]);
        Spoil(fault, folder["m"], string.Empty);

        await ExpectAsync("dir:" + folder["m"], folder, destination, errorId, file);
    }

    [Theory]
    [InlineData("oci:<folder>/none:a:1", "OciManifestUnknown", "there is no such folder")]
    [InlineData("dir:<folder>/none", "OciManifestUnknown", "there is no such folder")]
    [InlineData("oci:<folder>/m:b:1", "OciManifestUnknown", "it has a:1")]
    [InlineData("oci:<folder>/m:@7", "OciManifestUnknown", "no image '@7'")]
    public async Task What_is_not_there(string source, string errorId, string text)
    {
        using var folder = new TempFolder();
        await WriteAsync($"oci:{folder["m"]}:a:1");

        var row = await Carry.CopyAsync(source.Replace("<folder>", folder.Path), $"oci:{folder["to"]}:x:1");

        Assert.Equal(("Failed", errorId), (row.Status, row.ErrorId));
        Assert.Contains(text, row.Error);
        Assert.False(Directory.Exists(folder["to"]));
    }

    [Fact]
    public async Task A_link_that_leads_round_in_a_circle()
    {
        Assert.SkipWhen(ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal), "older platforms refuse every link");
        using var folder = new TempFolder();
        await WriteAsync($"oci:{folder["m"]}:a:1");
        var layer = folder["m/blobs/sha256/" + Layer];
        File.Delete(layer);
        File.CreateSymbolicLink(layer, layer);

        var row = await Carry.CopyAsync($"oci:{folder["m"]}:a:1", "dir:" + folder["d"]);

        Assert.Equal(("Failed", "OciStorageFailed"), (row.Status, row.ErrorId));
        Assert.Contains(layer, row.Error);
    }

    [Fact]
    public async Task Of_several_images_one_has_to_be_named()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1");
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 2 }), "2");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:a:1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:also:1");

        // One image with two names is one.
        Assert.Equal("Copied", (await Carry.SucceedAsync("oci:" + folder["m"], "dir:" + folder["one"])).Status);
        await Carry.SucceedAsync($"{source.Address}/a:2", $"oci:{folder["m"]}:b:1");

        var row = await Carry.CopyAsync("oci:" + folder["m"], "dir:" + folder["d"]);

        Assert.Equal("OciLayoutInvalid", row.ErrorId);
        Assert.EndsWith($"there are 3 images. Say which one: oci:{folder["m"]}:a:1, oci:{folder["m"]}:also:1, oci:{folder["m"]}:b:1.", row.Error);
    }

    [Theory]
    [InlineData("oci:<folder>/file/m:a:1")]
    [InlineData("dir:<folder>/file/d")]
    public async Task A_place_that_cannot_be_written(string place)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        File.WriteAllText(folder["file"], "a file, not a folder");

        var row = await Carry.CopyAsync($"{source.Address}/a:1", place.Replace("<folder>", folder.Path));

        Assert.Equal(("Failed", "OciStorageFailed"), (row.Status, row.ErrorId));
        Assert.Contains(folder["file"], row.Error);
    }

    [Fact]
    public async Task A_folder_without_the_right_to_write()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("b", ImageFactory.Create(new ImageSpec { Seed = 9 }), "1");
        await WriteAsync($"oci:{folder["m"]}:a:1");

        // Rights do not bind who may do everything; a folder in the way of a file binds everybody.
        File.Delete(folder["m/.ocisync-lock"]);
        Directory.CreateDirectory(folder["m/.ocisync-lock"]);
        var before = Carry.Tree(folder["m"]);

        var row = await Carry.CopyAsync($"{source.Address}/b:1", $"oci:{folder["m"]}:b:1");

        Assert.Equal("OciStorageFailed", row.ErrorId);
        Assert.Contains(".ocisync-lock", row.Error);
        Assert.Equal(before, Carry.Tree(folder["m"]));
    }

    // Links within the folder, and one that the folder itself is reached by, lead nowhere else.
    [Fact]
    public async Task Links_that_stay_in_the_folder_are_followed()
    {
        Assert.SkipWhen(ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal), "older platforms can't follow links");
        using var folder = new TempFolder();
        await WriteAsync($"oci:{folder["m"]}:a:1");
        File.Move(folder["m/blobs/sha256/" + Layer], folder["m/layer"]);
        File.CreateSymbolicLink(folder["m/blobs/sha256/" + Layer], "../../layer");
        Directory.CreateSymbolicLink(folder["by-link"], folder["m"]);

        Assert.Equal(_image.Digest, (await Carry.SucceedAsync($"oci:{folder["by-link"]}:a:1", "dir:" + folder["d"])).Digest);
    }

    private async Task WriteAsync(string place)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", place);
    }

    private async Task ExpectAsync(string place, TempFolder folder, EmbeddedRegistry destination, string errorId, string file)
    {
        var name = Path.Combine(folder["m"], file.Replace("<layer>", Layer).Replace("<root>", Root).Replace('/', Path.DirectorySeparatorChar));
        foreach (var to in new[] { destination.Address + "/x:1", $"oci:{folder["to"]}:x:1", "dir:" + folder["to-dir"] })
        {
            var row = await Carry.CopyAsync(place, to);

            Assert.Equal(("Failed", errorId), (row.Status, row.ErrorId));
            Assert.True(row.Error!.Contains($"'{name}'"), row.Error);
        }

        Assert.Empty(destination.TagsOf("x"));
        Assert.False(File.Exists(folder["to-dir/manifest.json"]));
        Assert.DoesNotContain("x:1", File.Exists(folder["to/index.json"]) ? File.ReadAllText(folder["to/index.json"]) : string.Empty);
        Assert.False(File.Exists(folder["to/blobs/sha256/" + Layer]) && (await File.ReadAllBytesAsync(
            folder["to/blobs/sha256/" + Layer], TestContext.Current.CancellationToken)).Length != _image.Blobs["sha256:" + Layer].Length);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, ".ocisync-*.tmp", SearchOption.AllDirectories));
    }

    private void Spoil(string fault, string folder, string blobs)
    {
        var (layer, root) = (Path.Combine(folder, blobs, Layer), Path.Combine(folder, blobs, Root));
        var (index, version) = (Path.Combine(folder, "index.json"), Path.Combine(folder, "oci-layout"));
        var manifest = Path.Combine(folder, "manifest.json");
        Action spoil = fault switch
        {
            "missing blob" => () => File.Delete(layer),
            "other bytes" => () => File.WriteAllBytes(layer, File.ReadAllBytes(layer).Reverse().ToArray()),
            "truncated" => () => File.WriteAllBytes(layer, File.ReadAllBytes(layer).SkipLast(1).ToArray()),
            "longer" => () => File.AppendAllText(layer, "x"),
            "empty blob" => () => File.WriteAllBytes(layer, []),
            "folder for blob" => () => Replace(layer, () => Directory.CreateDirectory(layer)),
            "link out" => () => Replace(layer, () => File.CreateSymbolicLink(layer, Elsewhere)),
            "relative link out" => () => Replace(layer, () => File.CreateSymbolicLink(layer, "../../../../etc/passwd")),
            "folder link out" => () => MoveOut(Path.Combine(folder, "blobs"), folder + "-moved"),
            "missing manifest" => () => File.Delete(root),
            "other manifest" => () => File.WriteAllText(root, File.ReadAllText(root) + " "),
            "no index" => () => File.Delete(index),
            "index is no JSON" => () => File.WriteAllText(index, "{\"manifests\":["),
            "index is a list" => () => File.WriteAllText(index, "[]"),
            "index without manifests" => () => File.WriteAllText(index, "{\"schemaVersion\":2}"),
            "index with a key twice" => () => File.WriteAllText(index, File.ReadAllText(index).Replace("\"manifests\"", "\"manifests\":[],\"manifests\"")),
            "index with a path as digest" =>
                () => File.WriteAllText(index, File.ReadAllText(index).Replace(_image.Digest, "sha256:../../../" + Root.Substring(9))),
            "index with a name twice" => () => File.WriteAllText(index, Twice(File.ReadAllText(index))),
            "empty index" => () => File.WriteAllText(index, string.Empty),
            "newer version" => () => File.WriteAllText(version, "{\"imageLayoutVersion\":\"2.0.0\"}"),
            "no version" => () => File.WriteAllText(version, "{}"),
            "version is no JSON" => () => File.WriteAllText(version, "1.0.0 or so"),
            "manifest link out" => () => Replace(manifest, () => File.CreateSymbolicLink(manifest, Elsewhere)),
            "manifest is no JSON" => () => File.WriteAllText(manifest, "not JSON"),
            "newer dir version" => () => File.WriteAllText(Path.Combine(folder, "version"), "Directory Transport Version: 9.0\n"),
            _ => throw new ArgumentException(fault),
        };
        spoil();
    }

    private static void Replace(string file, Action create)
    {
        File.Delete(file);
        create();
    }

    private static void MoveOut(string folder, string target)
    {
        Directory.Move(folder, target);
        Directory.CreateSymbolicLink(folder, target);
    }

    private string Twice(string index)
    {
        var entry = index.Substring(index.IndexOf('[') + 1, index.LastIndexOf(']') - index.IndexOf('[') - 1);
        return index.Replace(entry, entry + "," + entry.Replace(_image.Digest, "sha256:" + new string('a', 64)));
    }
}
