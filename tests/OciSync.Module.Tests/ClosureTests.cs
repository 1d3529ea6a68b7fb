using System.Reflection;
using System.Security.Cryptography;

namespace OciSync.Module.Tests;

/// <summary>Every reference of every shipped assembly finds its assembly where the module is loaded.</summary>
public sealed class ClosureTests
{
    private const string Host = "System.Management.Automation";

    [Fact]
    public void PowerShell_7_default_context()
    {
        var framework = Names(Paths.Dlls(Paths.Get("NetCoreApp")));
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
        var framework = Names(Paths.Dlls(Paths.Get("NetCoreApp")));
        var files = ForPowerShell7();
        var shipped = Names(files);
        Faults.None(Unsatisfied(files, reference => SatisfiedBy(shipped, reference) || SatisfiedBy(framework, reference)));
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
        var framework = Names(Paths.Dlls(Paths.Get("Net472")));
        foreach (var (name, assembly) in Names(Paths.Dlls(Path.Combine(Paths.Get("Net472"), "Facades"))))
        {
            framework.TryAdd(name, assembly);
        }

        var files = Paths.Dlls(Paths.InModule(Paths.NetStandard));
        var shipped = Names(files);
        Faults.None(Unsatisfied(
            files,
            reference => reference.Name == Host || SatisfiedBy(shipped, reference) || SatisfiedBy(framework, reference)));
        Assert.DoesNotContain(Host, shipped.Keys);
    }

    [Fact]
    public void Nothing_is_shipped_that_nobody_refers_to()
    {
        Faults.None(Unused(ForPowerShell7()));
        Faults.None(Unused(Paths.Dlls(Paths.InModule(Paths.NetStandard))));
    }

    /// <summary>What is the same file for both editions of PowerShell is shipped once.</summary>
    [Fact]
    public void No_file_is_shipped_twice()
    {
        var same = new[] { Paths.Net8 + "/deps", Paths.NetStandard }
            .SelectMany(folder => Paths.Dlls(Paths.InModule(folder)))
            .GroupBy(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))
            .Where(files => files.Count() > 1)
            .Select(files => string.Join(" = ", files.Select(file => Path.GetRelativePath(Paths.Module, file))));
        Faults.None(same);
        Assert.Empty(Paths.Shared.Select(Path.GetFileName).Intersect(Paths.Dlls(Paths.InModule(Paths.Net8, "deps")).Select(Path.GetFileName)));
    }

    private static string[] ForPowerShell7() => [.. Paths.Dlls(Paths.InModule(Paths.Net8, "deps")), .. Paths.Shared];

    private static IEnumerable<string> Unused(string[] paths)
    {
        var files = paths.Select(file => new AssemblyFile(file)).ToList();
        var wanted = files.SelectMany(file => file.References).Select(reference => reference.Name)
            .Concat(["OciSync.Core", "OciSync.PowerShell"]);
        return files.Select(file => file.Name.Name!).Except(wanted.OfType<string>());
    }

    private static Dictionary<string, AssemblyName> Names(string[] paths) => paths
        .Where(AssemblyFile.IsManaged)
        .Select(file => new AssemblyFile(file).Name)
        .ToDictionary(name => name.Name!, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Unsatisfied(string[] paths, Func<AssemblyName, bool> isSatisfied) =>
        from path in paths
        let assembly = new AssemblyFile(path)
        from reference in assembly.References
        where !isSatisfied(reference)
        select $"{assembly} asks for {reference.FullName}";

    private static bool SatisfiedBy(Dictionary<string, AssemblyName> assemblies, AssemblyName reference) =>
        assemblies.TryGetValue(reference.Name!, out var found)
        && found.Version >= reference.Version
        && (reference.GetPublicKeyToken() ?? []).AsSpan().SequenceEqual(found.GetPublicKeyToken() ?? []);
}
