using System.Reflection;

namespace OciSync.Module.Tests;

/// <summary>Every reference of every shipped assembly finds its assembly where the module is loaded.</summary>
public sealed class ClosureTests
{
    private const string Host = "System.Management.Automation";

    [Fact]
    public void PowerShell_7_default_context()
    {
        var framework = Names(Paths.Get("NetCoreApp"));
        var files = Paths.Dlls(Paths.InModule(Paths.Net8));
        Assert.Equal(["OciSync.PowerShell.dll"], files.Select(Path.GetFileName));
        var faults = new AssemblyFile(files.Single()).References
            .Where(reference => reference.Name is not (Host or "OciSync.Core") && !SatisfiedBy(framework, reference))
            .Select(reference => reference.FullName);
        Faults.None(faults);
    }

    [Fact]
    public void PowerShell_7_own_context()
    {
        var framework = Names(Paths.Get("NetCoreApp"));
        var folder = Paths.InModule(Paths.Net8, "deps");
        var shipped = Names(folder);
        Faults.None(Unsatisfied(folder, reference => SatisfiedBy(shipped, reference) || SatisfiedBy(framework, reference)));
        Assert.Empty(shipped.Keys.Intersect(framework.Keys));
        Assert.DoesNotContain(Host, shipped.Keys);
    }

    /// <summary>
    /// On the .NET Framework a strong-named reference binds to its very version. A shipped file of that version answers;
    /// for a newer one the resolver does, which needs a file of that name in the folder.
    /// </summary>
    [Fact]
    public void Windows_PowerShell_5_1()
    {
        var framework = Names(Paths.Get("Net472"));
        foreach (var (name, assembly) in Names(Path.Combine(Paths.Get("Net472"), "Facades")))
        {
            framework.TryAdd(name, assembly);
        }

        var folder = Paths.InModule(Paths.NetStandard);
        var shipped = Names(folder);
        Faults.None(Unsatisfied(
            folder,
            reference => reference.Name == Host || SatisfiedBy(shipped, reference) || SatisfiedBy(framework, reference)));
        Assert.DoesNotContain(Host, shipped.Keys);
    }

    [Theory]
    [InlineData(Paths.Net8 + "/deps")]
    [InlineData(Paths.NetStandard)]
    public void Nothing_is_shipped_that_nobody_refers_to(string folder)
    {
        var files = Paths.Dlls(Paths.InModule(folder)).Select(file => new AssemblyFile(file)).ToList();
        var wanted = files.SelectMany(file => file.References).Select(reference => reference.Name)
            .Concat(["OciSync.Core", "OciSync.PowerShell"]);
        Assert.Empty(files.Select(file => file.Name.Name).Except(wanted));
    }

    private static Dictionary<string, AssemblyName> Names(string folder) => Paths.Dlls(folder)
        .Where(AssemblyFile.IsManaged)
        .Select(file => new AssemblyFile(file).Name)
        .ToDictionary(name => name.Name!, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Unsatisfied(string folder, Func<AssemblyName, bool> isSatisfied) =>
        from path in Paths.Dlls(folder)
        let assembly = new AssemblyFile(path)
        from reference in assembly.References
        where !isSatisfied(reference)
        select $"{assembly} asks for {reference.FullName}";

    private static bool SatisfiedBy(Dictionary<string, AssemblyName> assemblies, AssemblyName reference) =>
        assemblies.TryGetValue(reference.Name!, out var found)
        && found.Version >= reference.Version
        && (reference.GetPublicKeyToken() ?? []).AsSpan().SequenceEqual(found.GetPublicKeyToken() ?? []);
}
