using System.Text;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>What gpg signs, with keys of every kind and in every form, and what it refuses and so do we.</summary>
public sealed class GpgSignatureTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("""{"critical":{},"optional":{}}""");

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    public static TheoryData<string> Names => [.. GpgKeys.Plain.Keys, "parent"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_gpg_signs_is_good(string name)
    {
        Require();
        var signed = await keys.Gpg.SignAsync($"{name}@example.test", Content);
        var proof = OpenPgpVerifier.Check(signed, [await keys.Gpg.ExportAsync(name)], Now);
        Assert.Equal((null, keys.Fingerprints[name]), (proof.Refusal, proof.Signer));
        Assert.Equal(Content, proof.Payload);
    }

    [Theory]
    [InlineData("--compress-algo", "none")]
    [InlineData("--compress-algo", "zip")]
    [InlineData("--compress-algo", "zlib")]
    [InlineData("--compress-algo", "bzip2")]
    [InlineData("--textmode")]
    [InlineData("--digest-algo", "SHA224")]
    [InlineData("--digest-algo", "SHA384")]
    [InlineData("--rfc4880", "--digest-algo", "SHA256")]
    public async Task Every_form_of_it_is_good(params string[] options)
    {
        Require();
        var signed = await keys.Gpg.SignAsync("rsa@example.test", Content, options);
        Assert.Null(OpenPgpVerifier.Check(signed, [await keys.Gpg.ExportAsync("rsa")], Now).Refusal);
    }

    [Fact]
    public async Task Keys_are_read_from_binary_and_armoured_files_and_from_several_in_one()
    {
        Require();
        var signed = await keys.Gpg.SignAsync("ed@example.test", Content);
        var (rsa, ed) = (await keys.Gpg.ExportAsync("rsa", "--armor"), await keys.Gpg.ExportAsync("ed", "--armor"));
        byte[] both = [.. rsa, .. ed];
        Assert.Null(OpenPgpVerifier.Check(signed, [both], Now).Refusal);
        Assert.Null(OpenPgpVerifier.Check(signed, [await keys.Gpg.RunAsync("--export")], Now).Refusal);
        Assert.Null(OpenPgpVerifier.Check(signed, [rsa, ed], Now).Refusal);
        Assert.Contains("none of those that are trusted", OpenPgpVerifier.Check(signed, [rsa], Now).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sha1_is_refused_although_gpg_takes_it()
    {
        Require();
        var signed = await keys.Gpg.SignAsync("rsa@example.test", Content, "--digest-algo", "SHA1");
        Assert.Contains("Sha1", OpenPgpVerifier.Check(signed, [await keys.Gpg.ExportAsync("rsa")], Now).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_gpg_itself_no_longer_takes_is_refused()
    {
        Require();
        var gpg = keys.Gpg;

        // Signed while the key was valid, in a year that is over.
        string[] then = ["--faked-system-time", "20240101T000000!"];
        var old = await gpg.CreateKeyAsync("old@example.test", "ed25519", "sign", "1d", then);
        await AssertRefusedAsync("expired at 2024-01-02", await gpg.SignAsync(old, Content, then), old);

        // Revoked by the certificate that gpg keeps for that.
        var gone = await gpg.CreateKeyAsync("gone@example.test", "ed25519");
        var signed = await gpg.SignAsync(gone, Content);
        var revocation = (await File.ReadAllTextAsync(Path.Combine(gpg.Home.Path, "openpgp-revocs.d", gone + ".rev"), TestContext.Current.CancellationToken))
            .Replace(":-----BEGIN", "-----BEGIN", StringComparison.Ordinal);
        await File.WriteAllTextAsync(gpg.Home["gone.rev"], revocation, TestContext.Current.CancellationToken);
        var before = await gpg.ExportAsync(gone);
        Assert.Null(OpenPgpVerifier.Check(signed, [before], Now).Refusal);
        await gpg.RunAsync("--import", gpg.Home["gone.rev"]);
        await AssertRefusedAsync("is revoked", signed, gone);
        Assert.Contains("is revoked", OpenPgpVerifier.Check(signed, [before, await gpg.ExportAsync(gone)], Now).Refusal, StringComparison.Ordinal);

        // A signature with an end of its own.
        await AssertRefusedAsync(
            "the signature expired at", await gpg.SignAsync(keys.Fingerprints["ed"], Content, "--default-sig-expire", "seconds=1"), "ed", Now.AddMinutes(5));
    }

    [Fact]
    public async Task Other_things_that_gpg_makes_are_no_messages_with_one_signature()
    {
        Require();
        var gpg = keys.Gpg;
        await File.WriteAllBytesAsync(gpg.Home["content"], Content, TestContext.Current.CancellationToken);
        string[] by = ["--local-user", "ed@example.test", "--output", "-"];
        await AssertRefusedAsync("detached", await gpg.RunAsync([.. by, "--detach-sign", gpg.Home["content"]]), "ed");
        await AssertRefusedAsync("no OpenPGP message", await gpg.RunAsync([.. by, "--armor", "--sign", gpg.Home["content"]]), "ed");
        await AssertRefusedAsync("no OpenPGP message", await gpg.RunAsync([.. by, "--clear-sign", gpg.Home["content"]]), "ed");
        await AssertRefusedAsync("2 signatures", await gpg.RunAsync(["--local-user", "rsa@example.test", .. by, "--sign", gpg.Home["content"]]), "ed");
    }

    private async Task AssertRefusedAsync(string reason, byte[] message, string key, DateTimeOffset? at = null)
    {
        var proof = OpenPgpVerifier.Check(message, [await keys.Gpg.ExportAsync(key)], at ?? Now);
        Assert.Contains(reason, proof.Refusal, StringComparison.Ordinal);
        Assert.Null(proof.Payload);
    }

    private static void Require() => Assert.SkipWhen(GnuPg.WhyMissing is not null, GnuPg.WhyMissing ?? string.Empty);
}
