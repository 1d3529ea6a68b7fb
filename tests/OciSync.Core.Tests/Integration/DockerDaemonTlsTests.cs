using OciSync.Core.Flow;
using OciSync.Core.Machine;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>A real dockerd that takes nobody without a certificate of its authority.</summary>
public sealed class DockerDaemonTlsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Images_go_to_an_engine_and_back_by_TLS_with_our_certificate()
    {
        Assert.SkipWhen(DockerDaemonProcess.WhyMissing is not null, DockerDaemonProcess.WhyMissing ?? string.Empty);
        using var pki = TestPki.Create();
        pki.WriteDocker(_folder["pki"]);
        await using var daemon = await DockerDaemonProcess.StartAsync(_folder["pki"]);
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        var certificates = Certificates("full", "ca.pem");
        var host = daemon.TlsAddress!.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        // By parameter, by Docker's variables, as https; by address and by name.
        var options = Run.Quick with { DaemonHost = daemon.TlsAddress, DaemonCertificateDirectory = certificates };
        var loaded = await CopyAsync($"{source.Address}/a:1", "docker-daemon:tls/a:1", options);
        Assert.Equal(("Copied", null), (loaded.Status, loaded.Error));
        Assert.NotNull(await daemon.FindIdAsync("tls/a:1"));
        foreach (var there in new[]
        {
            options,
            options with { DaemonHost = host },
            options with { DaemonHost = host.Replace("tcp:", "https:", StringComparison.Ordinal) },
            Run.Quick with { Environment = Environment(("DOCKER_HOST", host), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", certificates)) },
        })
        {
            var row = await CopyAsync("docker-daemon:tls/a:1", $"dir:{_folder[Guid.NewGuid().ToString("N")]}", there);
            Assert.Equal(("Copied", null, loaded.Digest), (row.Status, row.Error, row.Digest));
        }

        await RefuseAsync(options, daemon.TlsAddress!);
    }

    private async Task RefuseAsync(EngineOptions options, string address)
    {
        // An engine of another authority than ours; a certificate of another authority than the engine's; and none.
        using var other = TestPki.Create();
        other.WriteDocker(_folder["other"]);
        var stranger = await CopyAsync("docker-daemon:tls/a:1", "dir:" + _folder["z"], options with { DaemonCertificateDirectory = _folder["other"] });
        Assert.Equal("OciClientCertificateRefused", stranger.ErrorId);
        Assert.Contains("CN=client", stranger.Error, StringComparison.Ordinal);
        var mixed = Certificates("mixed", "../other/ca.pem");
        var untrusted = await CopyAsync("docker-daemon:tls/a:1", "dir:" + _folder["x"], options with { DaemonCertificateDirectory = mixed });
        Assert.True(untrusted.ErrorId == "OciCertificateUntrusted", untrusted.Error);
        Assert.Contains("ca.pem", untrusted.Error, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["ca"]);
        File.Copy(_folder["pki/ca.pem"], _folder["ca/ca.pem"]);
        var unknown = await CopyAsync("docker-daemon:tls/a:1", "dir:" + _folder["y"], options with { DaemonCertificateDirectory = _folder["ca"] });
        Assert.True(unknown.ErrorId == "OciClientCertificateRefused", unknown.Error);
        Assert.Contains(address, unknown.Error, StringComparison.Ordinal);
    }

    // PEM where keys of this kind are read, and else the PFX file that the message asks for.
    private string Certificates(string name, string authority)
    {
        Directory.CreateDirectory(_folder[name]);
        string[] client = ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal) ? ["cert.pfx"] : ["cert.pem", "key.pem"];
        foreach (var file in client.Append(authority))
        {
            File.Copy(_folder["pki/" + file], Path.Combine(_folder[name], Path.GetFileName(file)));
        }

        return _folder[name];
    }

    private UserEnvironment Environment(params (string Name, string Value)[] variables) =>
        new(variables.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault, _folder["home"], OperatingSystem.IsWindows(), OperatingSystem.IsLinux());

    private static Task<OciSyncResult> CopyAsync(string from, string to, EngineOptions options) => Run.OneAsync(Carry.Request(from, to), options);
}
