namespace OciSync.Module.Tests;

/// <summary>
/// The netstandard2.0 build runs on the .NET Framework 4.7.2, which no test machine but Windows has: each type and member it
/// uses is looked up in that framework's reference assemblies and the shipped files.
/// </summary>
public sealed class Net472MemberTests
{
    private static readonly AssemblySet Known = new(
        Paths.InModule(Paths.NetStandard),
        Paths.Get("Net472"),
        Path.Combine(Paths.Get("Net472"), "Facades"),
        Paths.Get("PowerShellStandard"));

    private static readonly MemberLookup Lookup = new(Known);

    [Theory]
    [InlineData("OciSync.Core.dll")]
    [InlineData("OciSync.PowerShell.dll")]
    public void Types_exist(string file) => Faults.None(Lookup.MissingTypes(Paths.InModule(Paths.NetStandard, file)));

    [Theory]
    [InlineData("OciSync.Core.dll")]
    [InlineData("OciSync.PowerShell.dll")]
    public void Members_exist(string file) => Faults.None(Lookup.MissingMembers(Paths.InModule(Paths.NetStandard, file)));

    [Fact]
    public void A_member_that_came_later_would_be_found_out()
    {
        Assert.NotNull(Known.Find("netstandard", "String"));
        Assert.True(Lookup.HasMember(Known.Find("netstandard", "String")!.Value, "Contains", "instance Boolean `0(String)"));
        Assert.False(Lookup.HasMember(Known.Find("netstandard", "String")!.Value, "Contains", "instance Boolean `0(Char)"));
        Assert.Null(Known.Find("netstandard", "System.HashCode"));
    }
}
