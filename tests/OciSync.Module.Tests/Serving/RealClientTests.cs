using System.Diagnostics;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Module.Tests.Serving;

/// <summary>Real clients pull from a served folder.</summary>
public sealed class RealClientTests : IDisposable
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
    private readonly ServedLayout _layout;
    private readonly Session _session = Session.WithModule();
    private readonly int _port;

    public RealClientTests()
    {
        var sbom = ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root);
        _layout = new ServedLayout(("docker.io/library/x:1", _image), ("quay.io/team/y:2", _image), ("docker.io/library/x:sbom", sbom));
        _port = (int)_session.Run("(Start-OciRegistryServer $args[0] -Port 0).Port", _layout.Root)[0]!;
    }

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Skopeo_copies_all_of_an_image_and_lists_its_tags()
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        var copy = await Skopeo.RunAsync(
            ["copy", "--all", "--preserve-digests", "--src-tls-verify=false", $"docker://127.0.0.1:{_port}/quay.io/team/y:2", "dir:" + _layout["copy"]],
            cancellationToken: Token);
        copy.Succeeded();
        Assert.Equal(_image.Root.Bytes, File.ReadAllBytes(_layout["copy/manifest.json"]));
        var tags = await Skopeo.RunAsync(["list-tags", "--tls-verify=false", $"docker://127.0.0.1:{_port}/docker.io/library/x"], cancellationToken: Token);
        Assert.Contains("\"sbom\"", tags.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dockerd_and_its_containerd_pull_by_name_and_as_from_a_mirror()
    {
        Assert.SkipWhen(DockerDaemonProcess.WhyMissing is not null, DockerDaemonProcess.WhyMissing ?? string.Empty);
        await using var daemon = await DockerDaemonProcess.StartWithMirrorAsync($"http://127.0.0.1:{_port}");
        Assert.Contains("Downloaded newer image", await daemon.PullAsync("library/x", "1"), StringComparison.Ordinal);
        Assert.Contains("Downloaded newer image", await daemon.PullAsync($"127.0.0.1:{_port}/quay.io/team/y", "2"), StringComparison.Ordinal);

        Assert.SkipWhen(Executable.Find("ctr") is null, "server missing: ctr is not installed (Debian: apt-get install docker.io).");
        var hosts = Directory.CreateDirectory(_layout["hosts/quay.io"]);
        File.WriteAllLines(
            Path.Combine(hosts.FullName, "hosts.toml"),
            ["server = \"http://127.0.0.1:1\"", $"[host.\"http://127.0.0.1:{_port}\"]", "  capabilities = [\"pull\", \"resolve\"]"]);
        await RunAsync("ctr", ["-a", daemon.Containerd, "images", "pull", "--snapshotter", "native", "--hosts-dir", _layout["hosts"], "quay.io/team/y:2"]);
        Assert.Contains("quay.io", _session.Run("(Get-OciRegistryServer).Log.Registry"));
    }

    [Theory]
    [InlineData("crane", "validate", "--insecure", "--remote", "{0}/docker.io/library/x:1")]
    [InlineData("oras", "discover", "--plain-http", "{0}/docker.io/library/x:1")]
    [InlineData("oras", "pull", "--plain-http", "-o", "{1}", "{0}/docker.io/library/x:sbom")]
    [InlineData("cosign", "tree", "--allow-http-registry", "{0}/docker.io/library/x:1")]
    public async Task Others_read_it_as_a_registry(string program, params string[] arguments)
    {
        Assert.SkipWhen(Executable.Find(program) is null, $"{program} is not on the path, and Debian 12 has none.");
        var output = await RunAsync(program, arguments.Select(a => string.Format(null, a, $"127.0.0.1:{_port}", _layout["out"])));
        Assert.True(arguments[0] != "discover" || output.Contains("application/vnd.test.sbom", StringComparison.Ordinal), output);
    }

    public void Dispose()
    {
        _session.Run("Stop-OciRegistryServer -TimeoutSec 0");
        _session.Dispose();
        _layout.Dispose();
    }

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(2), Token);
        return new ProcessResult(process.ExitCode, await output, await errors).Succeeded();
    }
}
