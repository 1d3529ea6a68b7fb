using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Enforcing;
using OciSync.Core.Trust;

namespace OciSync.Core.Tests.Signing.Attaching;

/// <summary>Keys that sign, and what is found of them at a place.</summary>
internal static class SigningWorld
{
    internal static readonly PrivateKey Key = PrivateKey.Create();

    /// <summary>One key, as it signs attachments or bundles.</summary>
    internal static SigningOptions By(PrivateKey key, SignatureFormat? format = null, string? identity = null) =>
        SigningOptions.Of([new SigstoreSigner(key)], format, identity);

    internal static byte[] Pem(PrivateKey key) => Encoding.ASCII.GetBytes(new PemBlock("PUBLIC KEY", key.Public.Bytes).Write());

    /// <summary>Adds signatures to an image, and gives the rows.</summary>
    internal static async Task<IReadOnlyList<OciAddedSignature>> AddAsync(
        TrustWorld world, string image, SigningOptions signing, Func<int, Task<bool>>? confirm = null, EngineEvents? events = null)
    {
        var rows = new List<OciAddedSignature>();
        using var engine = Run.Engine(world.Options, events: events);
        await engine.SignAsync(
            ImageLocation.Parse(image),
            signing,
            confirm ?? (_ => Task.FromResult(true)),
            row =>
            {
                rows.Add(row);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return rows;
    }

    /// <summary>The manifests of an image, and whether each is trusted by a key under a name, tag included.</summary>
    internal static async Task<IReadOnlyList<OciSignatureCheck>> CheckAsync(
        TrustWorld world, string image, PrivateKey key, string? identity = null, NameMatch match = NameMatch.Exact)
    {
        var rows = new List<OciSignatureCheck>();
        using var engine = Run.Engine(world.Options);
        await engine.CheckSignaturesAsync(
            ImageLocation.Parse(image),
            new TrustCheckOptions { Keys = [Pem(key)], Identity = identity, Match = match },
            (row, _) =>
            {
                rows.Add(row);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return rows;
    }

    /// <summary>Each manifest is trusted by a signature of its own.</summary>
    internal static async Task AssertSignedAsync(TrustWorld world, string image, PrivateKey key, int manifests, string? identity = null)
    {
        var checks = await CheckAsync(world, image, key, identity);
        Assert.Equal(manifests, checks.Count);
        Assert.All(checks, c => Assert.Equal(("Trusted", 1, "signed by a key that was given"), (c.Status, c.Signatures, c.Reason)));
    }

    /// <summary>The row says that the key has signed.</summary>
    internal static void AssertSigned(OciSyncResult row, string status, PrivateKey key) =>
        Assert.Equal((status, $"{key.Public.Fingerprint} (ECDSA P-256)"), (row.Status, string.Join(",", row.SignedWith)));
}
