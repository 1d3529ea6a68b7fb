using System.Text;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>What gpg signs, with keys of every kind and in every form, and what it refuses and so do we.</summary>
public sealed class GpgSignatureTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("""{"critical":{},"optional":{}}""");

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

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

    private static void Require() => Assert.SkipWhen(GnuPg.WhyMissing is not null, GnuPg.WhyMissing ?? string.Empty);
}
