using OciSync.Fuzzing;

namespace OciSync.Core.Tests.Hostile;

/// <summary>The first cases of <c>./build.sh fuzz</c>: the same for everybody, every time.</summary>
public sealed class FuzzTests
{
    private const int Cases = 1_000;

    public static TheoryData<string> Parsers => [.. FuzzTargets.All().Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void A_parser_ends_well_whatever_it_is_given(string parser)
    {
        var outcome = FuzzRunner.Run(FuzzTargets.All().Single(t => t.Name == parser), seed: 1, Cases, TimeSpan.FromMinutes(5));
        Assert.True(outcome.Failure is null, outcome.Failure);
        Assert.Equal(Cases, outcome.Cases);
    }

    // The runner itself: what is bad is found.
    [Theory]
    [InlineData("throws", "IndexOutOfRange")]
    [InlineData("allocates", "It allocated")]
    public void A_bad_parser_is_found(string how, string fault)
    {
        var target = new FuzzTarget("bad", FuzzInput.Near("abc"), input =>
        {
            if (input.Length > 3)
            {
                _ = how == "throws" ? input[input.Length] : GC.AllocateUninitializedArray<byte>(100_000_000)[0];
            }
        });
        Assert.Contains(fault, FuzzRunner.Run(target, 1, 1000, TimeSpan.FromMinutes(1)).Failure, StringComparison.Ordinal);
    }
}
