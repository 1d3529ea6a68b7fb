using OciSync.Core.Tests.Signing;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>The same policies beside skopeo: what it says of images without signatures.</summary>
public sealed class SkopeoPolicyTests
{
    // Older ones know fewer keys of sigstoreSigned, and word some refusals otherwise.
    private static readonly Version AllKeys = new(1, 18);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Skopeo_says_the_same_of_images_that_nobody_signed()
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        var knowsAll = await Skopeo.GetVersionAsync(Token) >= AllKeys;
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var cases = new PolicyCases(registry.Address);
        var image = ImageFactory.Create();
        foreach (var reference in PolicyCases.All.Select(c => c[1]).Where(r => r.StartsWith("docker:", StringComparison.Ordinal)).Distinct())
        {
            var name = reference["docker://{registry}/".Length..].Split('@')[0].Split(':');
            await registry.AddAsync(name[0], image, name.ElementAtOrDefault(1) ?? "1.0");
        }

        await Carry.SucceedAsync($"{registry.Address}/team/app:1.0", $"dir:{cases.Folder["image"]}");
        await Carry.SucceedAsync($"{registry.Address}/team/app:1.0", $"dir:{cases.Folder["sealed"]}");
        await Carry.SucceedAsync($"{registry.Address}/team/app:1.0", $"oci:{cases.Folder["layouts/one"]}:app");
        foreach (var name in PolicyCases.All.Select(c => c[0]))
        {
            var (from, policy, _) = cases.Find(name, image.Digest);
            var answer = cases.Check(policy, from);
            var result = await Skopeo.RunUnderAsync(
                cases.Folder["policy.json"], ["copy", "--src-tls-verify=false", from, $"dir:{cases.Folder["copy"]}"], Token);
            var expected = !answer.IsValid ? "trust policy" : answer.Decision == "Accept" ? string.Empty : "rejected";
            Assert.True(expected.Length == 0 == (result.ExitCode == 0), $"{name}: {answer.Decision}, and skopeo: {result.ExitCode} {result.Error}");
            Assert.True(
                result.Error.Contains(expected, StringComparison.Ordinal) || (!knowsAll && result.Error.Contains("Unknown key", StringComparison.Ordinal)),
                $"{name}: {answer}, and skopeo: {result.Error}");
        }
    }

    [Fact]
    public async Task Skopeo_takes_and_refuses_the_same_files()
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        var knowsAll = await Skopeo.GetVersionAsync(Token) >= AllKeys;
        using var cases = new PolicyCases();
        foreach (var (isValid, policy) in PolicyCases.Details.Where(d => knowsAll || !d.Policy.Contains("sigstoreSigned", StringComparison.Ordinal)))
        {
            Assert.Equal(isValid, cases.Open(policy).Describe().IsValid);
            var result = await Skopeo.RunUnderAsync(
                cases.Folder["policy.json"], ["copy", $"dir:{cases.Folder["none/x"]}", $"dir:{cases.Folder["copy"]}"], Token);
            Assert.True(isValid != result.Error.Contains("trust policy", StringComparison.Ordinal), $"{policy}: {result.Error}");
        }
    }
}
