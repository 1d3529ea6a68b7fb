using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.MirrorFiles;
using OciSync.Core.References;
using OciSync.Testing;

namespace OciSync.Core.Tests.MirrorFiles;

/// <summary>What is written for each kind of client, what can't be said, and what becomes of files that are there.</summary>
public sealed class MirrorFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("docker.io/library/x:1 m.test/library/x:1", "https://m.test")]
    [InlineData("docker.io/library/x:1 m.test/mirror/library/x:1", "https://m.test/v2/mirror")]
    [InlineData("docker.io/library/x:1 m.test/mirror/docker.io/library/x:1", "https://m.test/v2/mirror/docker.io")]
    [InlineData("docker.io/library/x:1 m.test:5000/a/library/x:1, docker.io/b/y:1 m.test:5000/a/b/y:1", "https://m.test:5000/v2/a")]
    [InlineData("docker.io/library/x:1 m1.test/library/x:1, docker.io/library/x:1 m2.test/library/x:1", "https://m1.test https://m2.test")]
    public void Hosts_toml_has_a_host_table_for_each_place(string routes, string urls)
    {
        var file = Plan(MirrorFileFormat.Containerd, "certs.d", routes).Files.Single();
        Assert.Equal(_folder["certs.d/docker.io/hosts.toml"], file.Path);
        var expected = string.Concat(urls.Split(' ').Select(u =>
            $"\n[host.\"{u}\"]\n  capabilities = [\"pull\", \"resolve\"]\n{(u.Contains("/v2/", StringComparison.Ordinal) ? "  override_path = true\n" : "")}"));
        Assert.EndsWith("server = \"https://registry-1.docker.io\"\n" + expected, file.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker.io", "docker.io", "https://registry-1.docker.io")]
    [InlineData("quay.io", "quay.io", "https://quay.io")]
    [InlineData("r.test:5000", "r.test_5000_", "https://r.test:5000")]
    [InlineData("127.0.0.1:5000", "127.0.0.1_5000_", "http://127.0.0.1:5000")]
    public void A_registry_has_a_folder_and_itself_as_the_last_place(string registry, string folder, string server)
    {
        var file = Plan(MirrorFileFormat.Containerd, "certs.d", $"{registry}/x/a:1 m.test/x/a:1").Files.Single();
        Assert.Equal(_folder[$"certs.d/{folder}/hosts.toml"], file.Path);
        Assert.Contains($"server = \"{server}\"\n", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_fallback_the_mirror_is_the_last_place_too()
    {
        var options = new MirrorOptions { NoFallback = true };
        var text = Plan(MirrorFileFormat.Containerd, "certs.d", "docker.io/x/y:1 127.0.0.1:5000/a/x/y:1", options).Files.Single().Text;
        Assert.Contains(
            "server = \"http://127.0.0.1:5000/v2/a\"\ncapabilities = [\"pull\", \"resolve\"]\noverride_path = true\n\n[host.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("registry-1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MirrorFileFormat.Containerd, "docker.io/library/x:1 m.test/mirror/x:1", "docker.io/library/x' -> 'm.test/mirror/x'")]
    [InlineData(MirrorFileFormat.Docker, "docker.io/library/x:1 m.test/library-x:1", "-Naming Full")]
    [InlineData(MirrorFileFormat.RegistriesConf, "docker.io/library/x:1 m.test/x:1-mirror", "'docker.io/library/x:1' -> 'm.test/x:1-mirror'")]
    [InlineData(MirrorFileFormat.OpenShift, "docker.io/library/x:1 m.test/x:1-mirror", "Update-OciImageReference")]
    [InlineData(MirrorFileFormat.K3s, "docker.io/x/y:1 m.test/a/x/y:1, docker.io/x/y:1 n.test/b/x/y:1", "docker.io/x/y")]
    public void What_a_format_cannot_say_is_refused_with_the_names(MirrorFileFormat format, string routes, string named)
    {
        var failure = Assert.Throws<OciException>(() => Plan(format, "out", routes));
        Assert.Equal(OciErrorKind.NamingUnsupported, failure.Kind);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("quay.io/x/y:1 m.test/x/y:1", false, "quay.io")]
    [InlineData("docker.io/x/y:1 m.test/a/x/y:1", false, "x/y")]
    [InlineData("docker.io/x/y:1 m.test/x/y:1", true, "-NoFallback")]
    public void Registry_mirrors_of_daemon_json_say_little(string routes, bool noFallback, string named)
    {
        var failure = Assert.Throws<OciException>(
            () => Plan(MirrorFileFormat.Docker, "daemon.json", routes, new MirrorOptions { NoFallback = noFallback }));
        Assert.Equal(OciErrorKind.NamingUnsupported, failure.Kind);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker.io/library/x:1 m.test/a/docker.io/library/x:1, docker.io/b/y:1 m.test/a/docker.io/b/y:1", "docker.io=m.test/a/docker.io")]
    [InlineData("docker.io/library/x:1 m.test/x:1, docker.io/b/y:1 m.test/y:1", "docker.io/b/y=m.test/y docker.io/library/x=m.test/x")]
    [InlineData("docker.io/b/y:1 m.test/b/y:1, quay.io/c/z:1 m.test/c/z:1", "docker.io/b/y=m.test/b/y quay.io/c/z=m.test/c/z")]
    [InlineData(
        "docker.io/b/y:1 m.test/b/y:1, docker.io/b/y:1 n.test/b/y:1, docker.io/c/z:1 m.test/c/z:1",
        "docker.io/b/y=m.test/b/y,n.test/b/y docker.io/c/z=m.test/c/z")]
    public void Registries_conf_leads_a_registry_as_a_whole_or_each_repository(string routes, string expected)
    {
        var file = Plan(MirrorFileFormat.RegistriesConf, "x.conf", routes).Files.Single();
        Write(MirrorFileFormat.RegistriesConf, "x.conf", routes);
        var config = Core.Connections.RegistriesConfig.Parse(file.Text, "x.conf");
        Assert.Empty(config.Notes);
        foreach (var (prefix, mirrors) in expected.Split(' ').Select(e => (e.Split('=')[0], e.Split('=')[1])))
        {
            Assert.Contains($"prefix = \"{prefix}\"\nlocation = \"{prefix}\"\n", file.Text, StringComparison.Ordinal);
            var (registry, repository) = prefix.Contains('/') ? (prefix.Split('/')[0], prefix[(prefix.IndexOf('/') + 1)..]) : (prefix, string.Empty);
            var found = config.FindMirrors(registry, repository, false).Select(m => m.Repository.Length == 0 ? m.Host : m.Host + "/" + m.Repository);
            Assert.Equal(mirrors, string.Join(',', found));
        }

        Assert.Equal(expected.Split(' ').Length, file.Source.Count);
        Assert.False(file.Text.Contains("blocked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docker.io/library/x:1 m.test/x:1", "      \"^library/x$\": \"x\"")]
    [InlineData("docker.io/library/x.y:1 m.test/a/b:1", "      \"^library/x\\\\.y$\": \"a/b\"")]
    [InlineData("docker.io/library/x:1 m.test/a/library/x:1", "      \"^(.*)$\": \"a/$1\"")]
    public void K3s_gives_repositories_other_names(string routes, string rule) =>
        Assert.Contains("    rewrite:\n" + rule + "\n", Plan(MirrorFileFormat.K3s, "registries.yaml", routes).Files.Single().Text, StringComparison.Ordinal);

    [Fact]
    public void K3s_needs_no_rule_where_names_are_kept()
    {
        var file = Plan(MirrorFileFormat.K3s, "registries.yaml", "docker.io/x/y:1 m.test/x/y:1").Files.Single();
        Assert.DoesNotContain("rewrite", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenShift_has_a_set_for_digests_and_one_for_tags()
    {
        var options = new MirrorOptions { NoFallback = true };
        var text = Plan(MirrorFileFormat.OpenShift, "Our_Mirror.yaml", "docker.io/x/y:1 m.test/a/x/y:1", options).Files.Single().Text;
        Assert.Equal(2, text.Split("  name: \"our-mirror\"\n").Length - 1);
        foreach (var kind in new[] { "Digest", "Tag" })
        {
            Assert.Contains(
                $"kind: Image{kind}MirrorSet\nmetadata:\n  name: \"our-mirror\"\nspec:\n  image{kind}Mirrors:\n    - source: \"docker.io\"\n      mirrors:\n"
                    + "        - \"m.test/a\"\n      mirrorSourcePolicy: NeverContactSource\n",
                text,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Registries_that_share_a_place_are_told_where_they_are_led_as_a_whole()
    {
        const string Routes = "docker.io/b/y:1 m.test/b/y:1, quay.io/c/z:1 m.test/c/z:1";
        Assert.Contains("docker.io and quay.io share 'm.test'", Plan(MirrorFileFormat.Containerd, "c", Routes).Notes.Single(), StringComparison.Ordinal);
        Assert.Empty(Plan(MirrorFileFormat.RegistriesConf, "c.conf", Routes).Notes);
    }

    [Theory]
    [InlineData(MirrorFileFormat.Containerd, "  ca = \"/etc/ca.crt\"\n")]
    [InlineData(MirrorFileFormat.K3s, "    tls:\n      ca_file: \"/etc/ca.crt\"\n")]
    [InlineData(MirrorFileFormat.RegistriesConf, null)]
    [InlineData(MirrorFileFormat.OpenShift, null)]
    public void The_authority_is_in_the_file_or_its_place_is_told(MirrorFileFormat format, string? line)
    {
        var plan = Plan(format, "out.conf", "docker.io/x/y:1 m.test/x/y:1", new MirrorOptions { CertificatePath = "/etc/ca.crt" });
        if (line is not null)
        {
            Assert.Contains(line, plan.Files.Single().Text, StringComparison.Ordinal);
            Assert.Empty(plan.Notes);
        }
        else
        {
            Assert.DoesNotContain("ca.crt", plan.Files.Single().Text, StringComparison.Ordinal);
            Assert.Contains("CA", plan.Notes.Single(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(MirrorFileFormat.Containerd, "authorization = \"Basic YWxpY2U6czNjcmV0\"")]
    [InlineData(MirrorFileFormat.K3s, "password: \"s3cret\"")]
    public void A_secret_is_written_when_it_is_asked_for_alone(MirrorFileFormat format, string secret)
    {
        var options = new MirrorOptions { Credential = RegistryCredential.FromPassword("alice", "s3cret") };
        var without = Plan(format, "out", "docker.io/x/y:1 m.test/x/y:1", options).Files.Single();
        Assert.DoesNotContain("s3cret", without.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("YWxpY2U6czNjcmV0", without.Text, StringComparison.Ordinal);
        Assert.Contains("alice", without.Text, StringComparison.Ordinal);
        var plan = Plan(format, "out", "docker.io/x/y:1 m.test/x/y:1", options with { IncludeSecret = true });
        Assert.Contains(secret, plan.Files.Single().Text, StringComparison.Ordinal);
        plan.Write(plan.Files.Single());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(plan.Files.Single().Path));
        }
    }

    [Fact]
    public void An_address_for_machines_takes_the_place_of_the_host_that_was_pushed_to()
    {
        var options = new MirrorOptions { Address = MirrorHost.Parse("http://mirror.corp:5000/") };
        var file = Plan(MirrorFileFormat.Containerd, "c", "docker.io/x/y:1 127.0.0.1:1/a/x/y:1", options).Files.Single();
        Assert.Contains("[host.\"http://mirror.corp:5000/v2/a\"]", file.Text, StringComparison.Ordinal);
        Assert.Throws<OciException>(() => Plan(MirrorFileFormat.Containerd, "c", "docker.io/x/y:1 m1.test/x/y:1, docker.io/x/z:1 m2.test/x/z:1", options));
        Assert.Throws<OciException>(() => MirrorHost.Parse("http://mirror.corp/path"));
    }

    [Theory]
    [InlineData("50-mirror.conf", "50-mirror.conf", false)]
    [InlineData("mirror", "mirror", true)]
    [InlineData("registries.conf.d", "50-ocisync-mirror.conf", false)]
    [InlineData("new/", "50-ocisync-mirror.conf", false)]
    public void A_drop_in_that_nobody_would_read_is_told(string path, string name, bool isTold)
    {
        var plan = Plan(MirrorFileFormat.RegistriesConf, path, "docker.io/library/x:1 127.0.0.1:5000/m/x:1");
        Assert.Equal(name, Path.GetFileName(plan.Files.Single().Path));
        Assert.Equal(isTold, plan.Notes.Any(n => n.Contains("end in .conf; 'mirror'", StringComparison.Ordinal)));
    }

    private void Write(MirrorFileFormat format, string name, string routes)
    {
        var plan = Plan(format, name, routes);
        plan.Files.ToList().ForEach(plan.Write);
        Assert.All(plan.Files, f => Assert.Equal(("Written", f.Text), (f.Status, File.ReadAllText(f.Path))));
        Assert.All(Plan(format, name, routes).Files, f => Assert.Equal("Unchanged", f.Status));
    }

    private MirrorFilePlan Plan(MirrorFileFormat format, string name, string routes, MirrorOptions? options = null) => MirrorFilePlan.Create(
        format,
        _folder[name],
        routes.Split(", ").Select(r => new MirrorRoute(ImageReference.Parse(r.Split(' ')[0]), ImageReference.Parse(r.Split(' ')[1]))).ToList(),
        (options ?? new MirrorOptions()) with { IsPlainHttp = PlainHosts.IsLoopback },
        force: false);
}
