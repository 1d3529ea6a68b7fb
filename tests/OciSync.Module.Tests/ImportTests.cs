using System.Reflection;
using System.Runtime.Loader;

namespace OciSync.Module.Tests;

public sealed class ImportTests
{
    private static int asked;

    [Fact]
    public void A_forced_second_import_works()
    {
        using var session = Session.WithModule();
        session.Run("Import-Module $args[0] -Force; Import-Module $args[0] -Force", Paths.Manifest);
        Assert.Equal(["OciSync"], session.Run("(Get-Module).Name"));
        Assert.NotNull(AskForCore());
    }

    [Fact]
    public async Task Parallel_runspaces_can_import()
    {
        var imports = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var session = Session.WithModule();
                return session.Run("(Get-Module OciSync).Version.ToString()").Single();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        Assert.All(await Task.WhenAll(imports), version => Assert.Equal(Paths.Get("VersionPrefix"), version));
    }

    [Fact]
    public void Core_lives_in_a_context_of_its_own()
    {
        using var session = Session.WithModule();
        var cmdlets = Loaded("OciSync.PowerShell");
        var core = AskForCore();
        Assert.Same(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(cmdlets));
        Assert.Equal("OciSync", AssemblyLoadContext.GetLoadContext(core!)?.Name);
        Assert.Equal(Paths.InModule(Paths.Net8, "deps", "OciSync.Core.dll"), core!.Location);
    }

    [Theory]
    [InlineData("Polly.Core", Paths.Net8 + "/deps", "OlderPolly")]
    [InlineData("YamlDotNet", Paths.NetStandard, "OlderYamlDotNet")]
    public void Another_loaded_version_of_a_dependency_is_left_alone_and_not_used(string name, string folder, string older)
    {
        var file = Paths.InModule(folder, name + ".dll");
        Assert.SkipUnless(File.Exists(file), $"OciSync doesn't ship {name}.");
        using var session = Session.WithModule();
        var ours = AssemblyLoadContext.GetLoadContext(AskForCore()!)!.LoadFromAssemblyName(new AssemblyName(name));
        Assert.Equal(file, ours.Location);
        var theirs = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
        Assert.Equal(Paths.Get(older), theirs.Location);
        Assert.NotEqual(theirs.ManifestModule.ModuleVersionId, ours.ManifestModule.ModuleVersionId);
    }

    [Fact]
    public void What_both_editions_take_from_one_file_is_found()
    {
        using var session = Session.WithModule();
        var context = AssemblyLoadContext.GetLoadContext(AskForCore()!)!;
        Assert.NotEmpty(Paths.Shared);
        Assert.Equal(Paths.Shared, Paths.Shared.Select(file => context.LoadFromAssemblyName(AssemblyName.GetAssemblyName(file)).Location));
    }

    [Fact]
    public void The_default_context_gets_an_answer_for_Core_only()
    {
        using var session = Session.WithModule();
        Assert.Throws<FileNotFoundException>(() => AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName("Tomlyn")));
    }

    [Fact]
    public void A_newer_Core_than_shipped_is_not_answered()
    {
        using var session = Session.WithModule();
        var newer = new AssemblyName("OciSync.Core, Version=99.0.0.0");
        Assert.ThrowsAny<IOException>(() => AssemblyLoadContext.Default.LoadFromAssemblyName(newer));
    }

    private static Assembly Loaded(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == name);

    // The runtime remembers an answer for each version asked for, so each question needs one of its own.
    private static Assembly? AskForCore()
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName($"OciSync.Core, Version=0.0.0.{++asked}"));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
