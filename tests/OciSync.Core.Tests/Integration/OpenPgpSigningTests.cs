using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Machine;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Gpg;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tests.Signing.Attaching;
using OciSync.Core.Tests.Signing.Enforcing;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>What we sign, by key files and by gpg; gpg and skopeo are the judges.</summary>
public sealed class OpenPgpSigningTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const string Passphrase = "a pass phräse";

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    private static readonly Digest Manifest = Digest.Of("{}"u8.ToArray());

    private static readonly byte[] Payload = SignedPayloadWriter.Write(SignatureKind.OpenPgp, "example.test/app:1", Manifest, "OciSync 1.0", Now);

    public static TheoryData<string> Names => [.. GpgKeys.Plain.Keys, "parent"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_key_file_signs_is_good_for_gpg_and_skopeo(string name)
    {
        Require();
        var key = OpenPgpSigningKey.Open(await ExportSecretAsync(name), null, Now);
        Assert.Equal((keys.Fingerprints[name], name == "parent"), (key.Fingerprint, key.IsSubkey));
        await JudgeAsync(key.Sign(Payload, Now), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_gpg_signs_for_us_is_good_for_gpg_and_skopeo(string name)
    {
        Require();
        var signed = await Signer().SignAsync(Encoding.UTF8.GetString(Payload), keys.Fingerprints[name], null, Token);
        await JudgeAsync(signed, name);
    }

    [Fact]
    public async Task A_protected_key_wants_its_passphrase()
    {
        Require();
        await keys.Gpg.RunAsync("--passphrase", Passphrase, "--quick-generate-key", "dave@example.test", "rsa2048", "sign", "never");
        var dave = await keys.Gpg.FindFingerprintAsync("dave@example.test");
        var file = await keys.Gpg.RunAsync("--passphrase", Passphrase, "--armor", "--export-secret-keys", dave);
        var signed = OpenPgpSigningKey.Open(file, Passphrase, Now).Sign(Payload, Now);
        Assert.Null(OpenPgpVerifier.Check(signed, [await keys.Gpg.ExportAsync(dave)], Now).Refusal);
        AssertFault(SigningKeyFault.PassphraseMissing, "none was given", () => OpenPgpSigningKey.Open(file, null, Now));
        AssertFault(SigningKeyFault.PassphraseWrong, "not the one of the key", () => OpenPgpSigningKey.Open(file, "wrong", Now));

        // The same by gpg, whose agent must not know it any more.
        await ForgetAsync();
        var wrong = await Assert.ThrowsAsync<SigningKeyException>(() => Signer().SignAsync("x", dave, "wrong", Token));
        Assert.Equal((SigningKeyFault.PassphraseWrong, true), (wrong.Fault, wrong.Message.Contains("passphrase is not the one", StringComparison.Ordinal)));
        await ForgetAsync();
        var good = await Signer().SignAsync(Encoding.UTF8.GetString(Payload), dave, Passphrase, Token);
        Assert.Null(OpenPgpVerifier.Check(good, [await keys.Gpg.ExportAsync(dave)], Now).Refusal);
    }

    [Fact]
    public async Task What_was_signed_into_a_folder_beside_a_published_one_is_not_signed_again()
    {
        Require();
        await using var world = await TrustWorld.StartAsync();
        await File.WriteAllTextAsync(
            world.Folder["registries.d/all.yaml"],
            $"default-docker: {{ lookaside: '{new Uri(world.Folder["published"])}', lookaside-staging: '{new Uri(world.Folder["staging"])}' }}\n", Token);
        var place = $"app@{TrustWorld.Image.Digest.Replace(':', '=')}";
        Directory.CreateDirectory(world.Folder["published/" + place]);
        await File.WriteAllBytesAsync(world.Folder[$"published/{place}/signature-1"], StoreRun.Signature(1), Token);
        await File.WriteAllBytesAsync(world.Folder["ed.key"], await ExportSecretAsync("ed"), Token);
        var signing = SigningOptions.Of([OciSigner.Open(world.Folder["ed.key"], null, new EngineOptions())], null, null);

        var first = Assert.Single(await SigningWorld.AddAsync(world, world.App, signing));
        Assert.Equal(("Added", world.Folder[$"staging/{place}/signature-2"]), (first.Status, first.Place));
        Assert.Equal("UpToDate", Assert.Single(await SigningWorld.AddAsync(world, world.App, signing)).Status);
        Assert.Single(Directory.GetFiles(world.Folder["staging/" + place]));
    }

    [Fact]
    public async Task What_is_no_secret_key_is_told()
    {
        Require();
        AssertFault(SigningKeyFault.Unusable, "there is no secret key", () => OpenPgpSigningKey.Open("garbage"u8.ToArray(), null, Now));
        var publicKey = await keys.Gpg.ExportAsync("ed", "--armor");
        AssertFault(SigningKeyFault.Unusable, "there is no secret key", () => OpenPgpSigningKey.Open(publicKey, null, Now));
        byte[] two = [.. await ExportSecretAsync("ed"), .. await ExportSecretAsync("nist")];
        AssertFault(SigningKeyFault.Unusable, "2 secret keys", () => OpenPgpSigningKey.Open(two, null, Now));
        var binary = await keys.Gpg.RunAsync("--export-secret-keys", keys.Fingerprints["ed"]);
        Assert.Equal(keys.Fingerprints["ed"], OpenPgpSigningKey.Open(binary, null, Now).Fingerprint);
        for (var length = 0; length < binary.Length; length += 7)
        {
            Assert.Throws<SigningKeyException>(() => OpenPgpSigningKey.Open(binary[..length], null, Now));
        }

        await keys.Gpg.RunAsync("--passphrase", "", "--quick-generate-key", "short@example.test", "ed25519", "sign", "2d");
        var ending = await keys.Gpg.RunAsync("--passphrase", "", "--armor", "--export-secret-keys", "short@example.test");
        AssertFault(SigningKeyFault.Unusable, "expired at", () => OpenPgpSigningKey.Open(ending, null, Now.AddDays(3)));
    }

    [Fact]
    public async Task What_gpg_cant_do_is_told()
    {
        Require();
        async Task<SigningKeyException> FailAsync(string key, GpgSigner? signer = null) =>
            await Assert.ThrowsAsync<SigningKeyException>(() => (signer ?? Signer()).SignAsync("x", key, null, Token));
        Assert.Contains("no secret key 'nobody@example.test'", (await FailAsync("nobody@example.test")).Message, StringComparison.Ordinal);
        Assert.Contains("is named by", (await FailAsync("--armor")).Message, StringComparison.Ordinal);
        Assert.Contains("is named by", (await FailAsync("a\" b")).Message, StringComparison.Ordinal);
        using var nothing = new TempFolder();
        var missing = await FailAsync("a", new GpgSigner(World(nothing.Path), TimeSpan.FromMinutes(1)));
        Assert.Equal((SigningKeyFault.GpgMissing, true), (missing.Fault, missing.Message.Contains("apt-get install gpg", StringComparison.Ordinal)));

        // A configuration that makes signatures which nobody should take.
        Assert.Contains("Sha1", (await FailAsync(keys.Fingerprints["rsa"], Signer("--digest-algo SHA1"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skopeo")]
    [InlineData("skopeo-1.18")]
    public async Task What_we_put_into_a_lookaside_or_a_folder_lets_skopeo_copy_the_image(string program)
    {
        Require();
        Assert.SkipWhen(program != "skopeo" && !GnuPg.CanRun(program), $"there is no {program} on the path");
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await registry.AddAsync("team/app", image, "1.0");
        using var run = new StoreRun();
        run.Say($"default-docker: {{lookaside: '{run.UriOf("sigs")}'}}");
        var name = $"{registry.Address}/team/app:1.0";
        await SkopeoAsync(program, run, 0, "--insecure-policy", "copy", "--src-tls-verify=false", "docker://" + name, $"dir:{run.Folder["dir"]}");
        await File.WriteAllBytesAsync(run.Folder["rsa.gpg"], await keys.Gpg.ExportAsync("rsa"), Token);
        await File.WriteAllTextAsync(
            run.Folder["policy.json"],
            $$"""
            {"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "{{run.Folder["rsa.gpg"]}}",
              "signedIdentity": {"type": "exactReference", "dockerReference": "{{name}}"} }]}
            """,
            Token);
        string[] places = ["docker://" + name, $"dir:{run.Folder["dir"]}"];
        var digest = Digest.Parse(image.Digest);
        foreach (var place in places)
        {
            await SkopeoAsync(program, run, 1, "--policy", run.Folder["policy.json"], "copy", "--src-tls-verify=false", place, $"dir:{run.Folder["to"]}");
            foreach (var signer in (string[])["ed", "rsa"])
            {
                var payload = SignedPayloadWriter.Write(SignatureKind.OpenPgp, name, digest, "OciSync 1.0", Now);
                var signature = OpenPgpSigningKey.Open(await ExportSecretAsync(signer), null, Now).Sign(payload, Now);
                await run.Stores.AppendAsync(ImageLocation.Parse(place), digest, signature, WorkScope.Uncounted(Token));
            }

            await SkopeoAsync(program, run, 0, "--policy", run.Folder["policy.json"], "copy", "--src-tls-verify=false", place, $"dir:{run.Folder["to"]}");
        }
    }

    // gpg says that it is good, and so do both skopeos and we; a subkey's is no good for older skopeos.
    private async Task JudgeAsync(byte[] signed, string name)
    {
        var fingerprint = keys.Fingerprints[name];
        var proof = OpenPgpVerifier.Check(signed, [await keys.Gpg.ExportAsync(name)], Now);
        Assert.Equal((null, fingerprint), (proof.Refusal, proof.Signer));
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["signature"], signed, Token);
        await File.WriteAllTextAsync(folder["manifest"], "{}", Token);
        var verified = await keys.Gpg.RunAsync("gpg", ["--batch", "--verify", folder["signature"]]);
        Assert.True(verified.ExitCode == 0, verified.Error);
        foreach (var program in new[] { "skopeo", "skopeo-1.18" }.Where(p => GnuPg.CanRun(p) && name != "parent"))
        {
            var result = await keys.Gpg.RunAsync(
                program, ["standalone-verify", folder["manifest"], "example.test/app:1", fingerprint, folder["signature"]]);
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.Contains("Signature verified", result.Output, StringComparison.Ordinal);
        }
    }

    private async Task SkopeoAsync(string program, StoreRun run, int expected, params string[] arguments)
    {
        var result = await keys.Gpg.RunAsync(program, ["--registries.d", run.Folder["registries.d"], .. arguments]);
        Assert.True(result.ExitCode == expected, $"{result.ExitCode}: {result.Error}");
    }

    private Task<byte[]> ExportSecretAsync(string name) =>
        keys.Gpg.RunAsync("--passphrase", "", "--armor", "--export-secret-keys", keys.Fingerprints[name]);

    private async Task ForgetAsync() => await keys.Gpg.RunAsync("gpgconf", ["--kill", "gpg-agent"]);

    // gpg with the keyring of this test; a script of its own stands before it.
    private GpgSigner Signer(string options = "")
    {
        var folder = keys.Gpg.Home["bin" + options.GetHashCode(StringComparison.Ordinal)];
        Directory.CreateDirectory(folder);
        var script = Path.Combine(folder, "gpg");
        File.WriteAllText(script, $"#!/bin/sh\nGNUPGHOME='{keys.Gpg.Home.Path}' exec '{GnuPg.ProgramPath}' {options} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new GpgSigner(World(folder), TimeSpan.FromMinutes(1));
    }

    private static UserEnvironment World(string folder) => new(v => v == "PATH" ? folder : null, folder, false, true);

    private static void AssertFault(SigningKeyFault fault, string message, Action action)
    {
        var failure = Assert.Throws<SigningKeyException>(action);
        Assert.Equal(fault, failure.Fault);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private static void Require()
    {
        Assert.SkipWhen(GnuPg.WhyMissing is not null, GnuPg.WhyMissing ?? string.Empty);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
    }
}
