using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Machine;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Keys;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>An index with two platforms that a copy of ours has signed; skopeo, cosign and gpg are the judges, under the strictest rules they know.</summary>
public sealed class SigningJudgeTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private static readonly TestImage Index = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Skopeo_and_cosign_take_attachments_of_the_index_and_of_each_platform()
    {
        Assert.SkipWhen(Debian13.WhyMissing(Debian13.Skopeo, Debian13.Cosign) is not null, Debian13.WhyMissing(Debian13.Skopeo, Debian13.Cosign) ?? "");
        await using var place = await Place.StartAsync();
        var name = await place.CopyAsync(await place.OpenKeyAsync(PrivateKey.Create()));
        await place.JudgeBySkopeoAsync(Debian13.Skopeo, $$"""{"type": "sigstoreSigned", "keyPath": "{{place.Folder["our.pub"]}}"}""", name, null);
        foreach (var manifest in Index.Manifests)
        {
            string[] verify = ["verify", "--key", place.Folder["our.pub"], "--insecure-ignore-tlog=true", "--allow-http-registry"];
            var repository = name[..name.LastIndexOf(':')];
            Good(await Debian13.RunAsync(Debian13.Cosign, [.. verify, $"{repository}@{manifest.Digest}"], place.Folder.Path));
            if (NewCosign.WhyMissing is null)
            {
                Good(await NewCosign.RunAsync([.. verify, $"{repository}@{manifest.Digest}"], Token));
            }
        }
    }

    [Fact]
    public async Task Cosign_takes_bundles_of_the_index_and_of_each_platform()
    {
        Assert.SkipWhen(NewCosign.WhyMissing is not null, NewCosign.WhyMissing ?? string.Empty);
        await using var place = await Place.StartAsync();
        var name = await place.CopyAsync(await place.OpenKeyAsync(PrivateKey.Create()), SignatureFormat.Bundle);
        foreach (var manifest in Index.Manifests)
        {
            Good(await NewCosign.RunAsync(
                ["verify", "--key", place.Folder["our.pub"], "--insecure-ignore-tlog=true", "--allow-http-registry",
                    $"{name[..name.LastIndexOf(':')]}@{manifest.Digest}"],
                Token));
        }
    }

    [Theory]
    [InlineData("rsa", false)]
    [InlineData("ed", true)]
    public async Task Both_skopeos_and_gpg_take_messages_by_a_key_file_and_by_gpg(string key, bool byGpg)
    {
        Assert.SkipWhen(GnuPg.WhyMissing is not null, GnuPg.WhyMissing ?? string.Empty);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        await using var place = await Place.StartAsync();
        var fingerprint = keys.Fingerprints[key];
        var options = place.Options with { Environment = Machine(place.Folder) };
        var signer = byGpg ? await OciSigner.FindAsync($"{key}@example.test", null, options, Token)
            : OciSigner.Open(await ExportAsync(key, place.Folder), null, options);
        Assert.Equal((fingerprint, SignatureFormat.OpenPgp), (signer.Name, signer.Format));
        var name = await place.CopyAsync(signer);

        await File.WriteAllBytesAsync(place.Folder["key.gpg"], await keys.Gpg.ExportAsync(key), Token);
        var policy = $$"""{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "{{place.Folder["key.gpg"]}}"}""";
        foreach (var program in new[] { "skopeo", "skopeo-1.18" }.Where(GnuPg.CanRun))
        {
            await place.JudgeBySkopeoAsync(program, policy, name, keys.Gpg);
        }

        foreach (var manifest in Index.Manifests)
        {
            var signature = place.Folder[$"sigs/signed/app@{manifest.Digest.Replace(':', '=')}/signature-1"];
            Good(await keys.Gpg.RunAsync("gpg", ["--batch", "--verify", signature]));
            await File.WriteAllBytesAsync(place.Folder["manifest"], manifest.Bytes, Token);
            Good(await keys.Gpg.RunAsync("skopeo", ["standalone-verify", place.Folder["manifest"], name, fingerprint, signature]));
        }
    }

    [Fact]
    public async Task A_second_run_by_gpg_finds_what_the_first_has_signed()
    {
        Assert.SkipWhen(GnuPg.WhyMissing is not null, GnuPg.WhyMissing ?? string.Empty);
        await using var place = await Place.StartAsync();
        var signer = await OciSigner.FindAsync(keys.Fingerprints["nist"], null, place.Options with { Environment = Machine(place.Folder) }, Token);
        await place.CopyAsync(signer);
        await place.CopyAsync(signer, status: SyncStatus.UpToDate);
        Assert.Equal(
            Index.Manifests.Count, Directory.GetFiles(place.Folder["sigs"], "signature-*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_name_that_several_keys_of_gpg_have_is_told()
    {
        Assert.SkipWhen(GnuPg.WhyMissing is not null, GnuPg.WhyMissing ?? string.Empty);
        using var folder = new TempFolder();
        var options = new EngineOptions { Environment = Machine(folder) };
        var failure = await Assert.ThrowsAsync<Core.Errors.OciException>(() => OciSigner.FindAsync("example.test", null, options, Token));
        Assert.Contains("secret keys of this name: take a fingerprint", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<Core.Errors.OciException>(() => OciSigner.FindAsync("nobody@nowhere.test", null, options, Token));
        Assert.Equal((Core.Errors.OciErrorKind.SigningKeyInvalid, true), (failure.Kind, failure.Message.Contains("no secret key", StringComparison.Ordinal)));
    }

    private async Task<string> ExportAsync(string key, TempFolder folder)
    {
        var file = folder["secret.asc"];
        await File.WriteAllBytesAsync(
            file, await keys.Gpg.RunAsync("--passphrase", "", "--armor", "--export-secret-keys", keys.Fingerprints[key]), Token);
        return file;
    }

    // A machine whose gpg has the keyring of this test.
    private UserEnvironment Machine(TempFolder folder)
    {
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["bin/gpg"], $"#!/bin/sh\nGNUPGHOME='{keys.Gpg.Home.Path}' exec '{GnuPg.ProgramPath}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["bin/gpg"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new UserEnvironment(v => v == "PATH" ? folder["bin"] : null, folder.Path, false, true);
    }

    private static void Good(ProcessResult result) => Assert.True(result.ExitCode == 0, result.Error);

    // A registry with the image, and where its signatures go.
    private sealed class Place(EmbeddedRegistry registry) : IAsyncDisposable
    {
        internal TempFolder Folder { get; } = new();

        internal EngineOptions Options => Run.Quick with { RegistriesDirectoryPath = Folder["registries.d"] };

        internal static async Task<Place> StartAsync()
        {
            var place = new Place(await EmbeddedRegistry.StartAsync());
            await place.Registry.AddAsync("app", Index, "1.0");
            Directory.CreateDirectory(place.Folder["registries.d"]);
            await File.WriteAllTextAsync(
                place.Folder["registries.d/a.yaml"],
                $"default-docker: {{ lookaside: '{new Uri(place.Folder["sigs"]).AbsoluteUri}', use-sigstore-attachments: true }}",
                Token);
            return place;
        }

        private EmbeddedRegistry Registry => registry;

        // The key file as a user has it, opened by its passphrase.
        internal async Task<OciSigner> OpenKeyAsync(PrivateKey key)
        {
            await File.WriteAllTextAsync(Folder["our.key"], SigningKeyFile.Write(key, "pw"u8.ToArray()), Token);
            await File.WriteAllTextAsync(Folder["our.pub"], new PemBlock("PUBLIC KEY", key.Public.Bytes).Write(), Token);
            return OciSigner.Open(Folder["our.key"], "pw", Options);
        }

        internal async Task<string> CopyAsync(OciSigner signer, SignatureFormat? format = null, string status = SyncStatus.Copied)
        {
            var name = $"{registry.Address}/signed/app:1.0";
            var row = await Run.OneAsync(
                new Core.Requests.SyncRequest
                {
                    Pairs = [new SyncPair(ImageReference.Parse($"{registry.Address}/app:1.0"), ImageReference.Parse(name), "app")],
                    Signing = SigningOptions.Of([signer], format, null),
                },
                Options);
            Assert.Equal((status, signer.Name, null), (row.Status, string.Join(",", row.SignedWith), row.Error));
            return name;
        }

        // The whole index, each platform of it checked under the name that is asked for; and not under another one.
        internal async Task JudgeBySkopeoAsync(string program, string requirement, string name, GnuPg? gpg)
        {
            await File.WriteAllTextAsync(Folder["policy.json"], $$"""{"default": [{{requirement}}]}""", Token);
            await registry.AddAsync("signed/app", Index, "another");
            foreach (var (image, isGood) in new[] { (name, true), (name[..name.LastIndexOf(':')] + ":another", false) })
            {
                string[] arguments =
                [
                    "--policy", Folder["policy.json"], "--registries.d", Folder["registries.d"], "copy", "--all", "--src-tls-verify=false",
                    $"docker://{image}", $"dir:{Folder["to-" + program]}",
                ];
                var result = gpg is null ? await Debian13.RunAsync(program, arguments, Folder.Path) : await gpg.RunAsync(program, arguments);
                Assert.True(result.ExitCode == 0 == isGood, result.Error);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await registry.DisposeAsync();
            Folder.Dispose();
        }
    }
}
