using OciSync.Core.Tests.Signing;

namespace OciSync.Core.Tests.Integration;

/// <summary>Every policy case, with the images signed: our runs beside skopeo 1.18.</summary>
public sealed class SignedPolicyTests
{
    private const string Behind = "signatures that are left behind are checked all the same";

    [Fact]
    public async Task Skopeo_lets_in_and_refuses_the_same_images()
    {
        Assert.SkipWhen(SignedWorld.WhyMissing is not null, SignedWorld.WhyMissing ?? string.Empty);
        await using var world = await SignedWorld.StartAsync();
        var faults = new List<string>();
        await Parallel.ForAsync(0, PolicyCases.All.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            var (name, number) = (PolicyCases.All[i][0], i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var (image, policy, answer) = world.Cases.Find(name, world.Digest);
            var expected = answer.Split(' ') switch
            {
                ["invalid", ..] => "invalid",
                ["accept", ..] or [.., "accepted"] => "accepted",
                _ => "refused",
            };
            var ours = await world.CopyAsync(policy, image, number);
            var (theirs, error) = await world.AskSkopeoAsync(image, number, name == Behind);
            lock (faults)
            {
                faults.AddRange(ours == expected && theirs == expected ? [] : [$"{name}: {expected}, and we {ours}, and skopeo {theirs}: {error}"]);
            }
        });
        Assert.True(PolicyCases.All.Count == 121 && faults.Count == 0, string.Join("\n", faults));
    }
}
