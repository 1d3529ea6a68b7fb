using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Core.Signing.Stores;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>What skopeo signs is found where it puts it, and good; each with the Debian's skopeo and a newer one where that is on the path.</summary>
public sealed class SkopeoSignatureTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Programs and keys. Debian 12's skopeo is 1.9.3.</summary>
    public static TheoryData<string, string> Pairs =>
    [
        ("skopeo", "rsa"), ("skopeo", "ed"), ("skopeo", "nist"), ("skopeo", "dsa"), ("skopeo", "parent"),
        ("skopeo-1.18", "rsa"), ("skopeo-1.18", "parent"),
    ];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_skopeo_signs_is_good_in_every_store(string program, string key)
    {
        Require(program);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await registry.AddAsync("team/app", image, "1.0");
        using var run = new StoreRun();
        run.Say($"default-docker: {{lookaside: '{run.UriOf("sigs")}'}}");
        var name = $"{registry.Address}/signed/app:1.0";
        await SkopeoAsync(program, run, "copy", "--sign-by", keys.Fingerprints[key], $"docker://{registry.Address}/team/app:1.0", "docker://" + name);
        await SkopeoAsync(
            program, run, "copy", "--sign-by", keys.Fingerprints[key], "--sign-identity", name, $"docker://{registry.Address}/team/app:1.0",
            $"dir:{run.Folder["dir"]}");

        var digest = Digest.Parse(image.Digest);
        var file = run.Folder[$"sigs/signed/app@sha256={digest.Hex}/signature-1"];
        var signature = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await using var server = StoreRun.Serve((path, _) => path == $"/x/signed/app@sha256={digest.Hex}/signature-1" ? StoreRun.Ok(signature) : null);
        var entry = $$"""{"schemaVersion":2,"name":"x","type":"atomic","content":"{{Convert.ToBase64String(signature)}}"}""";
        await using var keeper = StoreRun.Serve((_, _) => StoreRun.Ok($$"""{"signatures":[{{entry}}]}"""), "X-Registry-Supports-Signatures: 1");
        using var served = new StoreRun().Say($"default-docker: {{lookaside: 'http://{server.Address}/x'}}");
        foreach (var found in (StoredSignatures[])
            [
                await run.ReadAsync(name, digest), await run.ReadAsync($"dir:{run.Folder["dir"]}", digest), await served.ReadAsync(name, digest),
                await run.ReadAsync($"{keeper.Address}/signed/app:1.0", digest),
            ])
        {
            var proof = OpenPgpVerifier.Check(Assert.Single(found.Signatures).Content, [await keys.Gpg.ExportAsync(keys.Fingerprints[key])], Now);
            Assert.Equal((null, keys.Fingerprints[key]), (proof.Refusal, proof.Signer));
            var payload = SignedPayload.Read(proof.Payload!, SignatureKind.OpenPgp, out var fault);
            Assert.Null(fault);
            Assert.Equal((name, digest), (payload!.DockerReference, payload.Digest));
            Assert.StartsWith("atomic ", payload.Creator, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_index_is_signed_with_all_its_parts()
    {
        Require("skopeo");
        await using var registry = await EmbeddedRegistry.StartAsync();
        var index = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });
        await registry.AddAsync("team/app", index, "1.0");
        using var run = new StoreRun();
        run.Say($"default-docker: {{lookaside: '{run.UriOf("sigs")}'}}");
        var source = $"docker://{registry.Address}/team/app:1.0";
        await SkopeoAsync("skopeo", run, "copy", "--all", "--sign-by", keys.Fingerprints["ed"], source, $"docker://{registry.Address}/signed/app:1.0");
        await SkopeoAsync(
            "skopeo", run, "copy", "--all", "--sign-by", keys.Fingerprints["ed"], "--sign-identity", "example.test/a:1", source, $"dir:{run.Folder["dir"]}");
        foreach (var digest in index.Manifests.Select(m => Digest.Parse(m.Digest)))
        {
            foreach (var place in (string[])[$"{registry.Address}/signed/app:1.0", $"dir:{run.Folder["dir"]}"])
            {
                var found = Assert.Single((await run.ReadAsync(place, digest)).Signatures);
                var proof = OpenPgpVerifier.Check(found.Content, [await keys.Gpg.ExportAsync("ed")], Now);
                Assert.Null(proof.Refusal);
                Assert.Equal(digest, SignedPayload.Read(proof.Payload!, SignatureKind.OpenPgp, out _)?.Digest);
            }
        }
    }

    private static void Require(string program)
    {
        Assert.SkipWhen(GnuPg.WhyMissing is not null, GnuPg.WhyMissing ?? string.Empty);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        Assert.SkipWhen(program != "skopeo" && !GnuPg.CanRun(program), $"there is no {program} on the path");
    }

    private async Task SkopeoAsync(string program, StoreRun run, params string[] arguments)
    {
        var result = await keys.Gpg.RunAsync(
            program,
            ["--insecure-policy", "--registries.d", run.Folder["registries.d"], .. arguments, "--src-tls-verify=false", "--dest-tls-verify=false"]);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
