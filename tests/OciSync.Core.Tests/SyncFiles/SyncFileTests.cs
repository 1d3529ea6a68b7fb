using System.Text;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Requests;
using OciSync.Core.SyncFiles;

namespace OciSync.Core.Tests.SyncFiles;

public sealed class SyncFileTests
{
    private const string SyncImage2023 = """
        last: 10
        mcrLast: 50
        autoSyncfile: sync.yaml
        exclude:
          - 'alpha'
          - 'SNAPSHOT'
        images:
          registry.k8s.io:
            - pause
            - build-image/kube-cross
          mcr.microsoft.com:
            - devcontainers/base
          docker.io:
            - calico/kube-controllers
            - calico/kube-controllers
        """;

    [Fact]
    public void The_2023_file_of_sync_image_has_the_rules_of_its_program()
    {
        var file = Parse(SyncImage2023).Require();

        Assert.Equal(SyncFileFormat.SyncImage2023, file.Format);
        Assert.Equal(
            [
                "registry.k8s.io/pause -ExcludeRegex '^[A-Za-z]+$','^.{40}','(?-i)sig$' -ExcludeKeyword 'alpha','SNAPSHOT' -Latest 10",
                "registry.k8s.io/build-image/kube-cross -ExcludeRegex '^[A-Za-z]+$','^.{40}','(?-i)sig$' -Latest 10",
                "mcr.microsoft.com/devcontainers/base -Latest 50",
                "docker.io/calico/kube-controllers -ExcludeRegex '^[A-Za-z]+$','^.{40}' -ExcludeKeyword 'alpha','SNAPSHOT' -Latest 10",
            ],
            file.Entries.Select(e => $"{e.Reference} {e.Choice}"));
        Assert.Contains("(15,7): 'docker.io/calico/kube-controllers' is here a second time", Assert.Single(file.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_2026_file_names_hubs_and_accounts()
    {
        var file = Parse("""
            count: 3
            regexp: '(rc|arm)'
            hub:
              - url: registry.cn-hangzhou.aliyuncs.com
                username: me
                password: s3cret
              - url: swr.cn-north-1.myhuaweicloud.com/space
                username: cn-north-1@KEY
                password: s3cret
            dockerHub:
              - username: puller
                password: pull-s3cret
            images:
              quay.io: [prometheus/prometheus]
            """).Require();

        Assert.Equal(SyncFileFormat.SyncImage2026, file.Format);
        Assert.Equal(["registry.cn-hangzhou.aliyuncs.com/me", "swr.cn-north-1.myhuaweicloud.com/space"], file.Destinations.Select(d => d.Place));
        Assert.Equal(["docker.io", "registry.cn-hangzhou.aliyuncs.com", "swr.cn-north-1.myhuaweicloud.com"], file.Registries.Select(r => r.Registry));
        Assert.Equal(
            "-IncludeRegex '(?-i)^(?=.{1,15}$)(?:v\\d+|\\d+)[a-zA-Z0-9.-]*$' -ExcludeRegex '(?-i)(rc|arm)' -Latest 3", Assert.Single(file.Entries).Choice);
    }

    [Fact]
    public void Variables_of_sync_images_workflow_are_logins()
    {
        var environment = new Dictionary<string, string>
        {
            ["SRC_HUB_USERNAME"] = "puller",
            ["SRC_HUB_PASSWORD"] = "a", ["DEST_HUB_USERNAME"] = "pusher", ["DEST_HUB_PASSWORD"] = "b", ["MY_GITHUB_TOKEN"] = "c",
        };
        var file = SyncFile.Parse("config.yaml", SyncImage2023, name => environment.GetValueOrDefault(name));

        var registries = file.RegistriesFor(["registry.corp.local", "ghcr.io"]);

        Assert.Equal(["docker.io: puller", "ghcr.io: token", "registry.corp.local: pusher"], registries.Select(r => $"{r.Registry}: {r.Credential}"));
    }

    [Fact]
    public void The_file_of_skopeo_keeps_its_order_and_its_texts()
    {
        var file = Parse("""
            # as in skopeo-sync(1)
            registry.example.com:5000:
              images:
                busybox: []
                redis:
                  - 1.10
                  - "2.0"
                  - sha256:0000000000000000000000000000000000000000000000000000000000000000
              images-by-tag-regex:
                nginx: ^1\.13\.[12]-alpine-perl$
              images-by-semver:
                alpine: ">= 3.12.0"
              credentials:
                username: john
                password: this is a secret
              tls-verify: true
              cert-dir: /home/john/certs
            quay.io:
              tls-verify: false
              images:
                coreos/etcd: [latest]
            """).Require();

        Assert.Equal(SyncFileFormat.Skopeo, file.Format);
        Assert.Equal(
            ["registry.example.com:5000/busybox",
                "registry.example.com:5000/redis", "registry.example.com:5000/nginx", "registry.example.com:5000/alpine", "quay.io/coreos/etcd"],
            file.Entries.Select(e => e.Reference));
        Assert.Equal(["1.10", "2.0", "sha256:" + new string('0', 64)], file.Entries[1].Tag);
        Assert.Equal("-AllTags", file.Entries[0].Choice);
        Assert.Equal(
            (true, "/home/john/certs", "john"),
            (file.Registries[0].TlsVerify, file.Registries[0].CertificateDirectory, file.Registries[0].Credential?.ToString()));
        Assert.False(file.Registries[1].TlsVerify);
    }

    [Fact]
    public void Our_own_format_says_what_the_others_can_t()
    {
        var file = SyncFile.Parse("mirror.yaml", """
            ocisync: 1
            destinations:
              - ${REGISTRY}/mirror
              - place: registry.cn-hangzhou.aliyuncs.com/me
                naming: flat
                appendSuffix: -cn
            defaults:
              latest: 5
              exclude: ['*-rc*']
            images:
              docker.io/library/alpine: ['3.20', '3.21']
              registry.k8s.io/pause: { latest: 3, destination: registry.corp.local/base/pause }
              quay.io/prometheus/prometheus:
                - versionRange: '^3'
                  platforms: [linux/amd64]
                - latest: 1
                  family: [-busybox]
              ghcr.io/kube-vip/kube-vip:
            """, name => name == "REGISTRY" ? "registry.corp.local" : null).Require();

        Assert.Equal(["registry.corp.local/mirror", "registry.cn-hangzhou.aliyuncs.com/me"], file.Destinations.Select(d => d.Place));
        Assert.Equal((DestinationNaming.Flat, "-cn"), (file.Destinations[1].Naming, file.Destinations[1].AppendSuffix));
        Assert.Equal(
            [
                "docker.io/library/alpine ",
                "registry.k8s.io/pause -Exclude '*-rc*' -Latest 3",
                "quay.io/prometheus/prometheus -Exclude '*-rc*' -VersionRange '^3' -Latest 5",
                "quay.io/prometheus/prometheus -Exclude '*-rc*' -Family '-busybox' -Latest 1",
                "ghcr.io/kube-vip/kube-vip -Exclude '*-rc*' -Latest 5",
            ],
            file.Entries.Select(e => $"{e.Reference} {e.Choice}"));
        Assert.Equal(["3.20", "3.21"], file.Entries[0].Tag);
        Assert.Equal(["registry.corp.local/base/pause"], file.Entries[1].Destination);
        Assert.Equal(["linux/amd64"], file.Entries[2].Platform);
    }

    [Theory]
    [InlineData("ocisync: 1\nimages:\n  alpine:\n    latst: 3\n", 4, 5, "was 'latest' meant?")]
    [InlineData("ocisync: 1\nimages:\n  alpine:\n    latest: three\n", 4, 13, "must be a whole number")]
    [InlineData("ocisync: 1\nimages:\n  alpine:\n    latest: 0\n", 4, 13, "must be 1 or more")]
    [InlineData("ocisync: 1\nimages:\n  alpine:\n    includeRegex: '('\n", 4, 5, "is no regular expression")]
    [InlineData("ocisync: 1\nimages:\n  alpine:\n    versionRange: '>='\n", 4, 5, "version range")]
    [InlineData("ocisync: 1\nimages:\n  alpine:\n", 3, 3, "neither tags nor a choice")]
    [InlineData("ocisync: 1\nimages:\n  alpine: ['bad tag']\n", 3, 12, "no tag and no digest")]
    [InlineData("ocisync: 1\nimages:\n  alpine:\n    platforms: [linux]\n    latest: 1\n", 4, 16, "not a platform")]
    [InlineData("ocisync: 1\nimages:\n  Alpine/X:\n    latest: 1\n", 3, 3, "is no repository")]
    [InlineData("ocisync: 1\ndestinations: ['${NOWHERE}/x']\nimages:\n  alpine:\n    latest: 1\n", 2, 16, "no variable 'NOWHERE'")]
    [InlineData("ocisync: 2\nimages:\n  alpine:\n    latest: 1\n", 1, 10, "version 2")]
    [InlineData("quay.io:\n  image:\n    a/b: []\n", 2, 3, "was 'images' meant?")]
    [InlineData("quay.io:\n  images-by-tag-regex:\n    a/b: '('\n", 3, 10, "is no regular expression")]
    [InlineData("quay.io:\n  tls-verify: maybe\n  images:\n    a/b: []\n", 2, 15, "must be true or false")]
    [InlineData("last: 5\nimages:\n  quay.io: a/b\n", 3, 12, "list of repositories")]
    [InlineData("count: 5\nregexp: '('\nimages:\n  quay.io: [a/b]\n", 2, 9, "is no regular expression")]
    [InlineData("last: 5\nlast: 6\nimages:\n", 2, 1, "a second time; the first is in line 1")]
    [InlineData("images:\n\tquay.io: [a/b]\n", 2, 1, "tab")]
    [InlineData("a: [b\n", 2, 1, "no YAML")]
    [InlineData("a: *password\n", 1, 4, "refers to nothing")]
    [InlineData("last: 5\nimages:\n  quay.io: [a/b]\n---\nx: 1\n", 4, 1, "second document")]
    [InlineData("", 1, 1, "is empty")]
    public void A_mistake_has_its_line_and_column(string text, int line, int column, string message)
    {
        var mistake = Parse(text).Mistakes[0];

        Assert.Equal((line, column), (mistake.Line, mistake.Column));
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_in_the_order_of_the_file()
    {
        var file = Parse("ocisync: 1\nimages:\n  alpine:\n    latst: 3\n  b:\n    latest: x\nfoo: 1\n");

        Assert.Equal([4, 6, 7], file.Mistakes.Select(m => m.Line));
        Assert.Contains("config.yaml(", Assert.Throws<OciException>(file.Require).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused()
    {
        var text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 12; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat("*a" + (i - 1), 10))}]\n");
        }

        var mistake = Assert.Single(Parse(text.ToString()).Mistakes);
        Assert.Contains("more than 200000 values", mistake.Message, StringComparison.Ordinal);
        Assert.True(mistake.Line > 1);
    }

    [Fact]
    public void A_deep_nest_and_a_huge_file_are_refused()
    {
        Assert.Contains("64 deep", Assert.Single(Parse(new string('[', 200) + new string(']', 200)).Mistakes).Message, StringComparison.Ordinal);
        Assert.Contains("4 MiB", Assert.Single(Parse(new string('#', 10_000_000)).Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var failure = Assert.Throws<OciException>(() => SyncFile.Load("/no/such/config.yaml", _ => null));

        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("/no/such/config.yaml", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_2023_file_chooses_the_newest_of_real_lists()
    {
        var pins = Resource("sync-image-2023").Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).ToList();
        var text = new StringBuilder(
            "last: 10\nmcrLast: 50\nexclude: [alpha, beta, rc, amd64, ppc64le, arm64, arm, s390x, SNAPSHOT, snapshot, debug, master, latest, main, sig, sha, "
            + "mips]\nimages:\n");
        foreach (var registry in pins.GroupBy(p => p[0].Split('/')[0]))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {registry.Key}:\n");
            registry.ToList().ForEach(
                p => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"    - {p[0].Substring(registry.Key.Length + 1)}\n"));
        }

        var entries = Parse(text.ToString()).Require().Entries;

        Assert.True(pins.Count > 30);
        Assert.Equal(
            pins.Select(p => $"{p[0]} {p[1]}"),
            entries.Select(e => $"{e.Reference} {string.Join(" ", e.Plan([])!.Selector.Select(Tags.RealTags.Of(e.Reference)).Select(t => t.Tag))}"));
    }

    [Fact]
    public async Task What_images_are_converted_to_stands_in_files_and_in_what_is_written_from_them()
    {
        const string Text = "ocisync: 1\ndefaults: { compression: Zstd, compressionLevel: 19 }\nimages:\n"
            + "  r.test/a: { tags: ['1'], format: oci }\n  r.test/b: { tags: ['1'], compression: Gzip, format: Docker }\n  r.test/c: ['1']\n";
        static IEnumerable<string> Told(string text) =>
            Parse(text).Require().Entries.Select(e => $"{e.Repository} {e.Format} {e.Compression} {e.CompressionLevel}");
        var export = new OciSync.Core.Engine.SyncExport();
        Parse(Text).Require().Entries.ToList().ForEach(export.Add);
        using var engine = Engine.Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(await export.ResolveAsync(engine, false, TestContext.Current.CancellationToken));

        Assert.Equal(["a Oci Zstd 19", "b Docker Gzip ", "c  Zstd 19"], Told(Text));
        Assert.True(export.NeedsOwnFormat);
        Assert.Equal(Told(Text), Told(export.Write(SyncFileFormat.OciSync)));
    }

    [Theory]
    [InlineData("format: Docker, compression: Zstd", "no zstd layers")]
    [InlineData("compressionLevel: 3", "needs a compression")]
    [InlineData("compression: Gzip, compressionLevel: 10", "1 to 9")]
    [InlineData("compression: Zstd, compressionLevel: 23", "1 to 22")]
    [InlineData("compression: Brotli", "compression")]
    [InlineData("format: schema1", "format")]
    public void A_conversion_that_can_not_be_is_a_mistake_with_its_place(string keys, string said)
    {
        var mistake = Assert.Single(Parse($"ocisync: 1\nimages:\n  r.test/a: {{ tags: ['1'], {keys} }}\n").Mistakes);

        Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(3, mistake.Line);
    }

    [Fact]
    public void The_schema_has_the_keys_of_the_reader()
    {
        using var schema = System.Text.Json.JsonDocument.Parse(Resource("sync-file-schema"));
        var keys = schema.RootElement.GetProperty("$defs").GetProperty("entry").GetProperty("properties").EnumerateObject().Select(p => p.Name);
        var mistake = Assert.Single(Parse("ocisync: 1\nimages:\n  alpine: { qqqqqqqqqqqqqqqq: 1 }\n").Mistakes);

        var known = mistake.Message.Substring(mistake.Message.IndexOf("the keys are", StringComparison.Ordinal) + 13).TrimEnd('.').Split(", ");
        Assert.Equal(known.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(SyncFileTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static SyncFile Parse(string text) => SyncFile.Parse("config.yaml", text, _ => null);
}
