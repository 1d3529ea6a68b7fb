using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>
/// The images of the policy cases, signed by gpg's keys, skopeo 1.18 and cosign 2: one image under many names, and an index. Signatures of OpenPGP
/// lie in a lookaside, those of sigstore beside the images.
/// </summary>
internal sealed class SignedWorld : IAsyncDisposable
{
    private const string Passphrase = "only for tests";

    private readonly EmbeddedRegistry _registry;
    private readonly GnuPg _gpg;
    private readonly TestImage _image = ImageFactory.Create();
    private readonly TestImage _index = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });

    private SignedWorld(EmbeddedRegistry registry, GnuPg gpg)
    {
        (_registry, _gpg) = (registry, gpg);
        Cases = new PolicyCases(registry.Address);
    }

    /// <summary>Null when all programs are there.</summary>
    internal static string? WhyMissing => GnuPg.WhyMissing ?? Debian13.WhyMissing(Debian13.Skopeo, Debian13.Cosign);

    internal PolicyCases Cases { get; }

    internal string Digest => _image.Digest;

    private string RegistriesDirectory => Cases.Folder["registries.d"];

    internal static async Task<SignedWorld> StartAsync()
    {
        var world = new SignedWorld(await EmbeddedRegistry.StartAsync(), GnuPg.Start());
        await world.PushAsync();
        await world.MakeKeysAsync();
        await world.SignAsync();
        await world.AttachAsync();
        await world.FillFoldersAsync();
        return world;
    }

    /// <summary>What our run under a policy gives: a row, or the failure of the policy.</summary>
    internal async Task<string> CopyAsync(string policy, string image, string name)
    {
        var file = Cases.Folder[name + ".json"];
        await File.WriteAllTextAsync(file, policy);
        var opened = OciPolicy.Open(file);
        if (opened.Failure is not null)
        {
            return "invalid";
        }

        var request = Carry.Request(image, $"dir:{Cases.Folder["ours-" + name]}") with { Trust = new TrustOptions { Policy = opened } };
        var row = await Run.OneAsync(request, Options);
        return row.ErrorId switch
        {
            null when row.Status == SyncStatus.Copied => "accepted",
            "OciSignatureMissing" or "OciSignatureRejected" => "refused",
            _ => $"{row.Status} {row.Error}",
        };
    }

    /// <summary>The same of skopeo 1.18, with the policy's file that was written.</summary>
    internal async Task<(string Verdict, string Error)> AskSkopeoAsync(string image, string name, bool withoutSignatures)
    {
        var result = await SkopeoAsync(
            ["--policy", Cases.Folder[name + ".json"], "copy", "--src-tls-verify=false"],
            [.. withoutSignatures ? ["--remove-signatures"] : Array.Empty<string>(), image, $"dir:{Cases.Folder["theirs-" + name]}"]);
        return (result.ExitCode == 0 ? "accepted" : result.Error.Contains("trust policy", StringComparison.Ordinal) ? "invalid"
            : result.Error.Contains("rejected", StringComparison.Ordinal) ? "refused" : "failed", result.Error);
    }

    public async ValueTask DisposeAsync()
    {
        await _gpg.DisposeAsync();
        await _registry.DisposeAsync();
        Cases.Dispose();
    }

    private EngineOptions Options => Run.Quick with { RegistriesDirectoryPath = RegistriesDirectory };

    private async Task PushAsync()
    {
        foreach (var name in new[] { "app:1.0", "app:1.1", "other:1.0", "both:1.0", "plain:1.0", "sig:1.0", "sig:1.1", "cosign:1.0", "bundle:1.0" })
        {
            await _registry.AddAsync("team/" + name.Split(':')[0], _image, name.Split(':')[1]);
        }

        await _registry.AddAsync("mirror/team/app", _image, "1.0");
        await _registry.AddAsync("mirror/team/sig", _image, "1.0");
        await _registry.AddAsync("team/index", _index, "1.0");

        // As cosign 3 attaches what it signs with: a referrer, and no tag that older programs would look for.
        await _registry.AddAsync("team/bundle", ImageFactory.Artifact("application/vnd.dev.sigstore.bundle.v0.3+json", "{}", _image.Root));
        Directory.CreateDirectory(RegistriesDirectory);
        await File.WriteAllTextAsync(
            Path.Combine(RegistriesDirectory, "all.yaml"),
            $"default-docker:\n  lookaside: {new Uri(Cases.Folder["lookaside"])}\n  use-sigstore-attachments: true\n");
    }

    private async Task MakeKeysAsync()
    {
        foreach (var name in new[] { "anna", "ben", "cleo" })
        {
            await _gpg.CreateKeyAsync($"{name}@example.test", "ed25519");
            await File.WriteAllBytesAsync(Cases.Folder[name + ".gpg"], await _gpg.ExportAsync($"{name}@example.test"));
        }

        foreach (var name in new[] { "one", "two" })
        {
            (await CosignAsync("generate-key-pair", "--output-key-prefix", Cases.Folder[name])).Succeeded();
        }

        Cases.Complete();
        await File.WriteAllTextAsync(Cases.Folder["passphrase"], Passphrase);
    }

    private async Task SignAsync()
    {
        await SignAsync("team/app", _image.Root, "1.0", "anna");
        await SignAsync("team/other", _image.Root, "1.0", "ben");
        await SignAsync("team/both", _image.Root, "1.0", "anna", "ben");
        foreach (var manifest in _index.Manifests)
        {
            await SignAsync("team/index", manifest, "1.0", "anna");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Lookaside("mirror/team/app", _image.Root))!);
        Directory.CreateDirectory(Lookaside("mirror/team/app", _image.Root));
        File.Copy(Path.Combine(Lookaside("team/app", _image.Root), "signature-1"), Path.Combine(Lookaside("mirror/team/app", _image.Root), "signature-1"));
    }

    private async Task SignAsync(string repository, TestManifest manifest, string tag, params string[] keys)
    {
        var folder = Lookaside(repository, manifest);
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Cases.Folder["manifest"], manifest.Bytes);
        for (var i = 0; i < keys.Length; i++)
        {
            (await SkopeoAsync(
                ["standalone-sign", Cases.Folder["manifest"], $"{_registry.Address}/{repository}:{tag}", $"{keys[i]}@example.test"],
                ["-o", Path.Combine(folder, $"signature-{i + 1}")])).Succeeded();
        }
    }

    private string Lookaside(string repository, TestManifest manifest) =>
        Cases.Folder[Path.Combine("lookaside", repository + "@" + manifest.Digest.Replace(':', '='))];

    private async Task AttachAsync()
    {
        (await SkopeoAsync(
            ["--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false"],
            [
                "--sign-by-sigstore-private-key", Cases.Folder["one.key"], "--sign-passphrase-file", Cases.Folder["passphrase"],
                $"docker://{_registry.Address}/team/plain:1.0", $"docker://{_registry.Address}/team/sig:1.0",
            ])).Succeeded();
        var tag = _image.Digest.Replace(':', '-') + ".sig";
        await Carry.SucceedAsync($"{_registry.Address}/team/sig:{tag}", $"{_registry.Address}/mirror/team/sig:{tag}");
        (await CosignAsync(
            "sign", "--key", Cases.Folder["two.key"], "--tlog-upload=false", "--allow-http-registry", "-y",
            $"{_registry.Address}/team/cosign@{_image.Digest}")).Succeeded();
    }

    private async Task FillFoldersAsync()
    {
        await Carry.SucceedAsync($"{_registry.Address}/team/app:1.0", $"dir:{Cases.Folder["image"]}");
        File.Copy(Path.Combine(Lookaside("team/app", _image.Root), "signature-1"), Path.Combine(Cases.Folder["image"], "signature-1"));
        await Carry.SucceedAsync($"{_registry.Address}/team/app:1.0", $"oci:{Cases.Folder["layouts/one"]}:app");
        (await SkopeoAsync(
            ["--insecure-policy", "copy", "--src-tls-verify=false"],
            [$"docker://{_registry.Address}/team/sig:1.0", $"dir:{Cases.Folder["sealed"]}"])).Succeeded();
    }

    private Task<ProcessResult> SkopeoAsync(IEnumerable<string> command, IEnumerable<string> arguments) =>
        Debian13.RunAsync(Debian13.Skopeo, ["--registries.d", RegistriesDirectory, .. command, .. arguments], _gpg.Home.Path);

    private Task<ProcessResult> CosignAsync(params string[] arguments) =>
        Debian13.RunAsync(Debian13.Cosign, arguments, _gpg.Home.Path, ("COSIGN_PASSWORD", Passphrase));
}
