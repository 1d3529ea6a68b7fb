using OciSync.Core.Signing.Sigstore;
using OciSync.Testing;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>Sigstore signatures: each that is right holds, and each with one thing wrong is refused for that.</summary>
public sealed class SigstoreVerifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<IReadOnlyList<SigstoreVector>> Vectors =
        new(() => [.. KeyVectors.All, .. LogVectors.All, .. FulcioVectors.All, .. PkiVectors.All]);

    public static TheoryData<string> Names => [.. Vectors.Value.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void One_that_is_right_holds_and_one_wrong_thing_is_enough(string name)
    {
        var vector = Vectors.Value.Single(v => v.Name == name);
        var proof = SigstoreVerifier.Check(vector.Found, vector.Trust, Now);
        if (vector.Refusal is null)
        {
            Assert.Null(proof.Refusal);
            Assert.Same(vector.Found.Content, proof.Payload);
            Assert.NotEmpty(proof.Signer!);
        }
        else
        {
            Assert.Null(proof.Payload);
            Assert.Contains(vector.Refusal, proof.Refusal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Skopeo_says_the_same_of_each()
    {
        Assert.SkipWhen(NewSkopeo.WhyMissing is not null, NewSkopeo.WhyMissing ?? string.Empty);
        using var folder = new TempFolder();
        var image = Directory.CreateDirectory(folder["image"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(image, "version"), "Directory Transport Version: 1.1\n", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(image, "manifest.json"), SigstoreMaker.Manifest, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(image, ContentDigest.Of("{}"u8.ToArray())[7..]), "{}", TestContext.Current.CancellationToken);
        foreach (var vector in Vectors.Value)
        {
            await File.WriteAllBytesAsync(Path.Combine(image, "signature-1"), vector.ToFile(), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(folder["policy.json"], vector.ToPolicy(), TestContext.Current.CancellationToken);
            var result = await NewSkopeo.RunUnderAsync(
                folder["policy.json"], ["copy", $"dir:{image}", $"dir:{folder["copy"]}"], TestContext.Current.CancellationToken);
            Assert.True(
                vector.Refusal is null ? result.ExitCode == 0 : result.Error.Contains("Source image rejected", StringComparison.Ordinal),
                $"{vector.Name}: '{vector.Refusal}', and skopeo: {result.ExitCode} {result.Error}");
        }
    }
}
