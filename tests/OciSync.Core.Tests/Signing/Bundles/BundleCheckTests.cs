using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Sigstore;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Core.Tests.Transports;
using OciSync.Core.Trust;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>Images whose signatures are bundles, as Test-OciSignature and Get-OciSignature see them.</summary>
public sealed class BundleCheckTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cosign_attaches_is_trusted_with_its_key(bool hasReferrersApi)
    {
        var image = FrozenImage.LoadBundle("cosign 3");
        await using var registry = await StartAsync(hasReferrersApi);
        await AddAsync(registry, image, hasReferrersApi);

        var row = Assert.Single(await CheckAsync($"{registry.Address}/app:1.0", new TrustCheckOptions { Keys = [image.Key] }));
        Assert.Equal(("Trusted", 1, null), (row.Status, row.Signatures, row.Error));
        Assert.Contains("no name of an image", row.Reason, StringComparison.Ordinal);
        Assert.StartsWith("sha256:", Assert.Single(row.Signer), StringComparison.Ordinal);

        var other = FrozenImage.LoadBundle("cosign 3 RSA").Key;
        row = Assert.Single(await CheckAsync($"{registry.Address}/app:1.0", new TrustCheckOptions { Keys = [other] }));
        Assert.Equal(("Untrusted", "OciSignatureRejected"), (row.Status, row.ErrorId));
        Assert.Contains("its bundle is not accepted: the signature is not by the key", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_that_speaks_of_another_image_does_not_count_wherever_it_is_listed()
    {
        var image = FrozenImage.LoadBundle("cosign 3");
        await using var registry = await StartAsync(false);
        await AddAsync(registry, image, false);
        var second = ImageFactory.Create();
        await registry.AddAsync("app", second, "2.0");
        await registry.AddAsync("app", ImageFactory.ReferrersIndex(image.Referrer), second.Digest.Replace(':', '-'));

        var row = Assert.Single(await CheckAsync($"{registry.Address}/app:2.0", new TrustCheckOptions { Keys = [image.Key] }));
        Assert.Equal(("Unsigned", "OciSignatureMissing"), (row.Status, row.ErrorId));
    }

    [Fact]
    public async Task A_trusted_root_takes_bundles_of_its_signer_and_no_key()
    {
        await using var registry = await StartAsync(true);
        var image = await AddKeylessAsync(registry, new BundleMaker().Keyless());
        var options = new TrustCheckOptions
        {
            TrustedRoot = TestTrustedRoot.Write(), CertificateIdentity = SigstoreMaker.Email, CertificateIssuer = SigstoreMaker.Issuer,
        };

        var row = Assert.Single(await CheckAsync(image, options));
        Assert.Equal(("Trusted", $"{SigstoreMaker.Email} ({SigstoreMaker.Issuer})"), (row.Status, Assert.Single(row.Signer)));
        var pattern = options with { CertificateIdentity = ".*@example\\.test", CertificateIssuer = ".*", IsCertificatePattern = true };
        row = Assert.Single(await CheckAsync(image, pattern));
        Assert.Equal("Trusted", row.Status);
        row = Assert.Single(await CheckAsync(image, options with { CertificateIssuer = "https://other.test" }));
        Assert.Equal("Untrusted", row.Status);
    }

    [Fact]
    public async Task What_cannot_be_checked_is_unknown_and_its_step_is_named()
    {
        await using var registry = await StartAsync(true);
        var image = await AddKeylessAsync(registry, new BundleMaker { Entry = e => e["kindVersion"]!["version"] = "0.0.2" }.Keyless());
        var options = new TrustCheckOptions
        {
            TrustedRoot = TestTrustedRoot.Write(), CertificateIdentity = SigstoreMaker.Email, CertificateIssuer = SigstoreMaker.Issuer,
        };
        var row = Assert.Single(await CheckAsync(image, options));
        Assert.Equal("Unknown", row.Status);
        Assert.Contains("'dsse' 0.0.2", row.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "a", "b", "The trusted root can't be used")]
    [InlineData(null, "", "b", "Who has to have signed")]
    [InlineData(null, "a", "", "Who has to have signed")]
    public void What_is_trusted_is_looked_at_first(string? root, string identity, string issuer, string fault)
    {
        var options = new TrustCheckOptions
        {
            TrustedRoot = root is null ? TestTrustedRoot.Write() : Encoding.UTF8.GetBytes(root), CertificateIdentity = identity, CertificateIssuer = issuer,
        };
        var failure = Assert.Throws<OciException>(options.Validate);
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.StartsWith(fault, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci:{0}:app")]
    [InlineData("oci-archive:{0}:app")]
    public async Task Bundles_come_along_into_layouts_and_are_trusted_there(string place)
    {
        var image = FrozenImage.LoadBundle("cosign 3");
        await using var registry = await StartAsync(true);
        await AddAsync(registry, image, true);
        using var folder = new TempFolder();
        var target = string.Format(null, place, folder["place"]);
        var row = await Run.OneAsync(Carry.Request($"{registry.Address}/app:1.0", target) with { IncludeReferrer = true });
        Assert.True(row.Error is null, row.Error);

        Assert.Equal("Trusted", Assert.Single(await CheckAsync(target, new TrustCheckOptions { Keys = [image.Key] })).Status);
    }

    [Fact]
    public async Task What_lies_there_is_shown_unchecked()
    {
        var image = FrozenImage.LoadBundle("cosign 3");
        await using var registry = await StartAsync(true);
        await AddAsync(registry, image, true);
        var keyless = await AddKeylessAsync(registry, new BundleMaker().Keyless());
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);

        var byKey = Assert.Single(await engine.ReadSignaturesAsync(ImageLocation.Parse($"{registry.Address}/app:1.0"), TestContext.Current.CancellationToken));
        Assert.Equal(("Bundle", null, image.Digest, null), (byKey.Kind, byKey.KeyId, byKey.SignedDigest, byKey.Fault));
        var byCertificate = Assert.Single(await engine.ReadSignaturesAsync(ImageLocation.Parse(keyless), TestContext.Current.CancellationToken));
        Assert.Equal((SigstoreMaker.Email, SigstoreMaker.Logged), (byCertificate.KeyId, byCertificate.Timestamp));
    }

    private static Task<EmbeddedRegistry> StartAsync(bool hasReferrersApi) =>
        EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { Referrers = hasReferrersApi } });

    private static async Task AddAsync(EmbeddedRegistry registry, FrozenImage image, bool hasReferrersApi)
    {
        await image.AddAsync(registry, "app");
        if (!hasReferrersApi)
        {
            await registry.AddAsync("app", ImageFactory.ReferrersIndex(image.Referrer), image.Digest.Replace(':', '-'));
        }
    }

    private static async Task<string> AddKeylessAsync(EmbeddedRegistry registry, byte[] bundle)
    {
        var config = "{}"u8.ToArray();
        var image = new TestImage(
            [new TestManifest(MediaTypes.OciManifest, SigstoreMaker.Manifest)], new Dictionary<string, byte[]> { [ContentDigest.Of(config)] = config });
        await registry.AddAsync("keyless", image, "1");
        await registry.AddAsync("keyless", KeylessTests.Referrer(bundle, image.Root));
        return $"{registry.Address}/keyless:1";
    }

    private static async Task<IReadOnlyList<OciSignatureCheck>> CheckAsync(string image, TrustCheckOptions options)
    {
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var rows = new List<OciSignatureCheck>();
        await engine.CheckSignaturesAsync(
            ImageLocation.Parse(image).WithDefaultTag(),
            options,
            (row, _) =>
            {
                rows.Add(row);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return rows;
    }
}
