using OciSync.Core.Errors;

namespace OciSync.Core.Tests.ErrorIds;

/// <summary>Every kind of failure can happen: for each there is a way to provoke it. What nothing provokes is dead, and is removed.</summary>
public sealed class EveryKindTests
{
    // Raised by the cmdlets themselves: tests/OciSync.Bridge.Tests provokes them with their own ids.
    private static readonly OciErrorKind[] OfCmdlets = [OciErrorKind.TagRequired, OciErrorKind.ConfirmationRequired];

    public static TheoryData<OciErrorKind> Kinds => [.. Provocations.All.Keys];

    [Fact]
    public void Every_kind_is_in_the_table()
    {
        var kinds = Enum.GetValues<OciErrorKind>().Except(OfCmdlets);
        Assert.Equal(kinds.Order(), Provocations.All.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_can_be_provoked(OciErrorKind kind)
    {
        Assert.Equal("Oci" + kind, await Provocations.All[kind]());
    }
}
