namespace OciSync.Module.Tests;

/// <summary>
/// Libraries that both editions of PowerShell take from one file have less than their builds for newer .NET: what the net8.0 build uses of them, and
/// what they use of each other and of .NET 8, is looked up in what is shipped.
/// </summary>
public sealed class SharedMemberTests
{
    private static readonly MemberLookup Lookup = new(new AssemblySet([Paths.InModule(Paths.Net8, "deps"), Paths.Get("NetCoreApp"), .. Paths.Shared]));

    [Fact]
    public void What_is_for_PowerShell_7_uses_nothing_that_is_not_there() => Faults.None(Missing(Paths.Dlls(Paths.InModule(Paths.Net8, "deps"))));

    [Fact]
    public void Nor_do_the_shared_libraries()
    {
        Assert.NotEmpty(Paths.Shared);
        Faults.None(Missing(Paths.Shared));
    }

    private static IEnumerable<string> Missing(string[] files) =>
        from file in files
        from name in Lookup.MissingTypes(file).Concat(Lookup.MissingMembers(file))
        select $"{Path.GetFileName(file)}: {name}";
}
