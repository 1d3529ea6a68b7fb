using OciSync.Core.Errors;
using OciSync.Core.MirrorFiles;
using OciSync.Core.References;
using OciSync.Testing;

namespace OciSync.Core.Tests.MirrorFiles;

/// <summary>Files that are there already: what is ours is replaced, what is somebody else's is added to where that is safe, else refused.</summary>
public sealed class MirrorMergeTests : IDisposable
{
    private const string Hub = "docker.io/x/y:1";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(MirrorFileFormat.Containerd, "docker.io/hosts.toml", "server = \"https://other\"\n")]
    [InlineData(MirrorFileFormat.OpenShift, "a.yaml", "kind: Other\n")]
    [InlineData(MirrorFileFormat.RegistriesConf, "a.conf", "[[registry]]\nprefix = \"docker.io\"\nlocation = \"other.test\"\n")]
    [InlineData(MirrorFileFormat.RegistriesConf, "a.conf", "[registries.search]\nregistries = []\n")]
    [InlineData(MirrorFileFormat.RegistriesConf, "a.conf", "no [[toml")]
    [InlineData(MirrorFileFormat.K3s, "a.yaml", "mirrors:\n  docker.io:\n    endpoint: [\"https://other\"]\n")]
    [InlineData(MirrorFileFormat.K3s, "a.yaml", "mirrors: {quay.io: {endpoint: [\"https://other\"]}}\n")]
    [InlineData(MirrorFileFormat.K3s, "a.yaml", "- a list\n")]
    [InlineData(MirrorFileFormat.Docker, "daemon.json", "{\"registry-mirrors\": \"https://other\"}")]
    [InlineData(MirrorFileFormat.Docker, "daemon.json", "{\"a\": 1, \"a\": 2}")]
    [InlineData(MirrorFileFormat.Docker, "daemon.json", "[]")]
    public void What_is_not_ours_is_refused_and_stays_as_it_is(MirrorFileFormat format, string name, string text)
    {
        var path = Put(name, text);
        var failure = Assert.Throws<OciException>(() => Plan(format, PathOf(format, name)));
        Assert.Equal(OciErrorKind.DestinationExists, failure.Kind);
        Assert.Contains("-Force", failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
        var forced = Plan(format, PathOf(format, name), force: true);
        forced.Files.ToList().ForEach(forced.Write);
        Assert.DoesNotContain("other", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# ours\nunqualified-search-registries = [\"docker.io\"]\n")]
    [InlineData("[[registry]]\nprefix = \"quay.io\"\nlocation = \"other.test\"\n\n[aliases]\n\"a\" = \"b.test/a\"\n")]
    [InlineData("short-name-mode = \"enforcing\"")]
    public void Registries_conf_gets_a_block_at_its_end(string there)
    {
        var path = Put("a.conf", there);
        Save(MirrorFileFormat.RegistriesConf, "a.conf");
        var text = File.ReadAllText(path);
        Assert.StartsWith(there, text, StringComparison.Ordinal);
        Assert.Single(Core.Connections.RegistriesConfig.Parse(text, path).FindMirrors("docker.io", "x/y", false));

        // The next export replaces the block alone.
        Save(MirrorFileFormat.RegistriesConf, "a.conf", "quay.test/z:1");
        text = File.ReadAllText(path);
        Assert.StartsWith(there, text, StringComparison.Ordinal);
        Assert.Empty(Core.Connections.RegistriesConfig.Parse(text, path).FindMirrors("docker.io", "x/y", false));
        Assert.Single(Core.Connections.RegistriesConfig.Parse(text, path).FindMirrors("quay.test", "z", false));
    }

    [Theory]
    [InlineData("# keep\nmirrors:\n  # and this\n  quay.io:\n    endpoint:\n    - https://other\n")]
    [InlineData("mirrors:\r\n    quay.io:\r\n        endpoint: [\"https://other\"]\r\nconfigs:\r\n    other: {}\r\n")]
    [InlineData("configs:\n  other: {auth: {username: a}} # keep")]
    public void Registries_yaml_gets_lines_between_those_that_stay(string there)
    {
        var path = Put("a.yaml", there);
        Save(MirrorFileFormat.K3s, "a.yaml");
        var lines = File.ReadAllLines(path).ToList();
        var kept = there.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0).ToList();
        Assert.Equal(kept, lines.Aggregate(new List<string>(), (found, l) => found.Count < kept.Count && l == kept[found.Count] ? [.. found, l] : found));
        Assert.Contains(lines, l => l.Trim() == "\"docker.io\":");
        Assert.Equal(there.Contains("\r\n", StringComparison.Ordinal), File.ReadAllText(path).Contains("\"docker.io\":\r\n", StringComparison.Ordinal));
        Assert.Equal("Unchanged", Plan(MirrorFileFormat.K3s, "a.yaml").Files.Single().Status);
    }

    [Fact]
    public void Daemon_json_keeps_its_other_keys_and_mirrors()
    {
        var path = Put("daemon.json", """{"debug": true, "registry-mirrors": ["https://other/"], "labels": ["ä=1"]}""");
        Save(MirrorFileFormat.Docker, "daemon.json");
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(["debug", "registry-mirrors", "labels"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["https://m.test", "https://other"], json.RootElement.GetProperty("registry-mirrors").EnumerateArray().Select(m => m.GetString()!));
        Assert.Contains("ä=1", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal("Unchanged", Plan(MirrorFileFormat.Docker, "daemon.json").Files.Single().Status);
    }

    [Fact]
    public void A_folder_that_would_be_hidden_is_told()
    {
        Directory.CreateDirectory(_folder["certs.d/r.test:5000"]);
        var routes = new[] { new MirrorRoute(ImageReference.Parse("r.test:5000/a:1"), ImageReference.Parse("m.test/a:1")) };
        var failure = Assert.Throws<OciException>(
            () => MirrorFilePlan.Create(MirrorFileFormat.Containerd, _folder["certs.d"], routes, new MirrorOptions(), force: false));
        Assert.Contains("r.test:5000' is there", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_when_one_of_several_files_is_refused()
    {
        Put("quay.io/hosts.toml", "server = \"https://other\"\n");
        MirrorRoute[] routes =
        [
            new(ImageReference.Parse(Hub), ImageReference.Parse("m.test/x/y:1")),
            new(ImageReference.Parse("quay.io/z:1"), ImageReference.Parse("m.test/z:1")),
        ];
        Assert.Throws<OciException>(() => MirrorFilePlan.Create(MirrorFileFormat.Containerd, _folder.Path, routes, new MirrorOptions(), force: false));
        Assert.False(Directory.Exists(_folder["docker.io"]));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_file_for_its_owner_alone_stays_one()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal),
            "This build does not see the rights of files.");
        var path = Put("a.yaml", "configs:\n  other: {auth: {password: s3cret}}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Save(MirrorFileFormat.K3s, "a.yaml");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    private static string PathOf(MirrorFileFormat format, string name) => format == MirrorFileFormat.Containerd ? string.Empty : name;

    private string Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    private void Save(MirrorFileFormat format, string name, string source = Hub)
    {
        var plan = Plan(format, name, source: source);
        Assert.True(plan.Files.Single().IsMerged);
        plan.Write(plan.Files.Single());
    }

    private MirrorFilePlan Plan(MirrorFileFormat format, string name, bool force = false, string source = Hub)
    {
        var image = ImageReference.Parse(source);
        var route = new MirrorRoute(image, ImageReference.Parse($"m.test/{image.Repository}:{image.Tag}"));
        return MirrorFilePlan.Create(format, _folder[name].TrimEnd('/'), [route], new MirrorOptions(), force);
    }
}
