using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing.Notary;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Sigstore;
using OciSync.Core.Trust;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Signing.Notary;

/// <summary>A folder of notation's, and what Test-OciSignature says by it.</summary>
public sealed class NotaryStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("strict", "*", "Trusted")]
    [InlineData("strict", "x509.subject: C=US, ST=WA, O=Test", "Trusted")]
    [InlineData("strict", "x509.subject: C=US, ST=WA, O=Other", "Untrusted")]
    [InlineData("audit", "x509.subject: C=US, ST=WA, O=Other", "Trusted")]
    [InlineData("skip", "*", "Unknown")]
    public async Task Says_whose_signatures_count(string level, string identity, string status)
    {
        Write(level, identity);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await registry.AddAsync("app", image, "1.0");
        var signature = new JwsMaker { Payload = p => p["targetArtifact"]!["digest"] = image.Digest }.Make();
        var referrer = ImageFactory.Artifact("application/jose+json", System.Text.Encoding.UTF8.GetString(signature.Content), image.Root);
        await registry.AddAsync("app", referrer);

        var row = Assert.Single(await CheckAsync($"{registry.Address}/app:1.0"));
        Assert.Equal((status, 1), (row.Status, row.Signatures));
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var shown = Assert.Single(await engine.ReadSignaturesAsync(ImageLocation.Parse($"{registry.Address}/app:1.0"), TestContext.Current.CancellationToken));
        Assert.Equal(("Notary", image.Digest, null), (shown.Kind, shown.SignedDigest, shown.Fault));
        Assert.Contains("CN=signer", shown.KeyId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_repository_without_a_statement_nothing_is_trusted_and_without_a_signature_it_is_unsigned()
    {
        Write("strict", "*", "r.test/other");
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("app", ImageFactory.Create(), "1.0");
        var row = Assert.Single(await CheckAsync($"{registry.Address}/app:1.0"));
        Assert.Equal("Untrusted", row.Status);
        Assert.Contains("says nothing of", row.Reason, StringComparison.Ordinal);

        Write("strict", "*");
        Assert.Equal("Unsigned", Assert.Single(await CheckAsync($"{registry.Address}/app:1.0")).Status);
    }

    [Theory]
    [InlineData("trustpolicy.json", "{}", "lacks the key version")]
    [InlineData("truststore/x509/ca/test/root.pem", "nothing", "it has no certificate")]
    public void What_is_not_right_names_its_file(string file, string content, string fault)
    {
        Write("strict", "*");
        File.WriteAllText(_folder[file], content);
        var failure = Assert.Throws<OciException>(() => NotaryStore.Load(_folder.Path).Find("a"));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(file), failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ca:..")]
    [InlineData("ca:a/b")]
    [InlineData("ca:")]
    public void A_trust_store_stays_in_its_folder(string store)
    {
        Write("strict", "*", store: store);
        var failure = Assert.Throws<OciException>(() => NotaryStore.Load(_folder.Path).Find("a"));
        Assert.Contains("no name of a trust store", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_policy_says_so() =>
        Assert.Contains("there is no such file", Assert.Throws<OciException>(() => NotaryStore.Load(_folder.Path)).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private void Write(string level, string identity, string scope = "*", string store = "ca:test")
    {
        var policy = new JsonObject
        {
            ["version"] = "1.0",
            ["trustPolicies"] = new JsonArray(new JsonObject
            {
                ["name"] = "test",
                ["registryScopes"] = new JsonArray(scope),
                ["signatureVerification"] = new JsonObject { ["level"] = level },
                ["trustStores"] = new JsonArray(store),
                ["trustedIdentities"] = new JsonArray(identity),
            }),
        };
        File.WriteAllText(_folder["trustpolicy.json"], policy.ToJsonString());
        Directory.CreateDirectory(_folder["truststore/x509/ca/test"]);
        File.WriteAllText(_folder["truststore/x509/ca/test/root.pem"], SigstoreMaker.Root.Pem);
    }

    private async Task<IReadOnlyList<OciSignatureCheck>> CheckAsync(string image)
    {
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var rows = new List<OciSignatureCheck>();
        await engine.CheckSignaturesAsync(
            ImageLocation.Parse(image),
            new TrustCheckOptions { NotaryFolder = _folder.Path },
            (row, _) =>
            {
                rows.Add(row);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return rows;
    }
}
