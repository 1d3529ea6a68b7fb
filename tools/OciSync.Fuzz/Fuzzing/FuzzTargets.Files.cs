using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.SyncFiles;

namespace OciSync.Fuzzing;

/// <summary>The files of users.</summary>
internal static partial class FuzzTargets
{
    private const string SyncImage2023 = """
        last: 10
        mcrLast: 50
        autoSyncfile: sync.yaml
        exclude:
          - 'alpha'
        images:
          registry.k8s.io:
            - pause
          docker.io:
            - calico/kube-controllers
        """;

    private const string SyncImage2026 = """
        count: 3
        regexp: '(rc|arm)'
        hub:
          - url: registry.cn-hangzhou.aliyuncs.com
            username: me
            password: p
        images:
          docker.io:
            - image: library/alpine
        """;

    private const string Skopeo = """
        registry.example.com:
            images:
                busybox: []
                redis:
                    - "1.0"
                    - sha256:0000000000000000000000000000000011111111111111111111111111111111
            images-by-tag-regex:
                nginx: ^1\.13\.[12]-alpine-perl$
            images-by-semver:
                alpine: ">= 3.12.0"
            credentials:
                username: john
                password: p
            tls-verify: true
            cert-dir: /home/john/certs
        """;

    private const string Own = """
        ocisync: 1
        defaults: &d
          latest: 5
        destinations:
          - registry.corp.local/mirror
        repositories:
          - name: docker.io/library/node
            latest: 3
            per: Major
            families: ['-alpine']
            versionRange: '>=20 <23'
            exclude: ['*-rc*', "${A:-x}"]
            platforms: [linux/amd64]
        """;

    private const string Registries = """
        unqualified-search-registries = ["docker.io"]
        [[registry]]
        prefix = "*.example.com"
        location = "mirror.corp.local:5000/x"
        insecure = true
        blocked = false
        [[registry.mirror]]
        location = "m.corp.local"
        pull-from-mirror = "digest-only"
        """;

    private static IEnumerable<FuzzTarget> Files() =>
    [
        new("sync file (sync-image 2023)", FuzzInput.Near(SyncImage2023), TrySyncFile),
        new("sync file (sync-image 2026)", FuzzInput.Near(SyncImage2026), TrySyncFile)
        {
            // A regular expression is worth that, up to its 4,000 characters.
            BytesPerByte = 4_000,
        },
        new("sync file (skopeo)", FuzzInput.Near(Skopeo), TrySyncFile),
        new("sync file (ours)", FuzzInput.Near(Own, Own.Replace("exclude", "<<: *d\n    exclude", StringComparison.Ordinal)), TrySyncFile),
        new("auth file", FuzzInput.Near(
            """{"auths":{"r.test/a":{"auth":"YTpi"},"https://index.docker.io/v1/":{"username":"a","password":"b"},"x.test":{"identitytoken":"t"}},"credHelpers":{"y.test":"pass"},"credsStore":"s"}""",
            """{"auths":null}""", " "), TryAuthFile),
        new("registries.conf", FuzzInput.Near(
            Registries, "[registries.search]\nregistries = ['a']\n", "[[registry]]\nlocation='a.test'\nmirror=[{location='b.test'}]\n"), TryRegistries)
        {
            // The TOML library gathers its faults, each with a text; the file may have 256 KiB.
            BytesPerByte = 4_000,
        },
    ];

    private static void TrySyncFile(byte[] input)
    {
        var file = SyncFile.Parse("sync.yaml", Text(input), name => name == "A" ? "1" : null);
        Require(file.Mistakes.Count <= 101, "mistakes are counted, not collected");
        foreach (var mistake in file.Mistakes)
        {
            RequireShowable(mistake.Message);
        }

        foreach (var warning in file.Warnings)
        {
            RequireShowable(warning);
        }
    }

    private static void TryAuthFile(byte[] input)
    {
        foreach (var isLegacy in new[] { false, true })
        {
            Allow(
                () =>
                {
                    var file = AuthFile.Parse(new AuthFilePlace("auth.json") { IsLegacy = isLegacy }, input);
                    foreach (var key in file.Keys.Take(50))
                    {
                        Allow(() => file.FindLogin(key), OciErrorKind.ConfigurationInvalid);
                    }

                    _ = AuthFileEditor.SetLogin("auth.json", input, "z.test", RegistryCredential.FromPassword("a", "b"));
                    _ = AuthFileEditor.RemoveLogin("auth.json", input, "r.test/a");
                },
                OciErrorKind.ConfigurationInvalid);
        }
    }

    private static void TryRegistries(byte[] input) => Allow(
        () =>
        {
            var config = RegistriesConfig.Parse(Text(input), "registries.conf");
            Allow(() => config.Resolve("a.example.com", "x"), OciErrorKind.Forbidden);
            _ = config.FindMirrors("a.example.com", "x", byDigest: true);
        },
        OciErrorKind.ConfigurationInvalid);
}
