using System.Reflection.Metadata;

namespace OciSync.Module.Tests;

public sealed class ExportTests
{
    [Theory]
    [InlineData(Paths.Net8)]
    [InlineData(Paths.NetStandard)]
    public void The_manifest_lists_every_cmdlet_of_the_assembly(string folder)
    {
        var assembly = new AssemblyFile(Paths.InModule(folder, "OciSync.PowerShell.dll"));
        var cmdlets = assembly.ExportedTypes().Select(type => CmdletName(assembly.Reader, type)).OfType<string>();
        Assert.Equal(cmdlets.Order(StringComparer.Ordinal), ManifestList("CmdletsToExport").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_cmdlet_is_exported()
    {
        using var session = Session.WithModule();
        var commands = session.Run("(Get-Command -Module OciSync -CommandType Cmdlet).Name | ForEach-Object { $_ }").Cast<string>();
        Assert.Equal(ManifestList("CmdletsToExport").Order(StringComparer.Ordinal), commands.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_alias_of_the_manifest_is_exported()
    {
        using var session = Session.WithModule();
        var aliases = session.Run("(Get-Module OciSync).ExportedAliases.Keys | ForEach-Object { $_ }").Cast<string>();
        Assert.Equal(ManifestList("AliasesToExport").Order(StringComparer.Ordinal), aliases.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_command_is_found_without_an_import()
    {
        using var session = new Session();
        session.Run("$env:PSModulePath = $args[0]", Path.GetDirectoryName(Paths.Module)!);
        var found = session.Run("Get-Module -ListAvailable OciSync | ForEach-Object { $_.ExportedCmdlets.Keys }").Cast<string>();
        Assert.Equal(ManifestList("CmdletsToExport").Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manifest_is_valid_and_has_the_version_of_the_build()
    {
        using var session = new Session();
        var module = session.Run(
            "$m = Test-ModuleManifest $args[0]; $m.Version.ToString(); $m.NestedModules.Name; $m.RequiredAssemblies", Paths.Manifest);
        Assert.Equal([Paths.Get("VersionPrefix"), "OciSync.PowerShell", "bin/OciSync.Loader.dll"], module);
        Assert.Equal(["bin/net8.0/OciSync.PowerShell.dll"], NestedModules("Core"));
    }

    [Fact]
    public void The_other_edition_gets_the_other_assembly()
    {
        Assert.Equal(["bin/netstandard2.0/OciSync.PowerShell.dll"], NestedModules("Desktop"));
        Assert.True(File.Exists(Paths.InModule("bin", "netstandard2.0", "OciSync.PowerShell.dll")));
        Assert.True(File.Exists(Paths.InModule("bin", "OciSync.Loader.dll")));
    }

    /// <summary>A root module would be loaded before the type data, and with it the assembly that native code is to take the place of.</summary>
    [Fact]
    public void There_is_no_root_module()
    {
        using var session = Session.WithModule();
        Assert.Equal(["Manifest"], session.Run("(Get-Module OciSync).ModuleType.ToString()"));
        Assert.DoesNotContain("RootModule =", File.ReadAllText(Paths.Manifest), StringComparison.Ordinal);
    }

    private static IEnumerable<object?> NestedModules(string edition)
    {
        using var session = new Session();
        return session.Run(
            """
            $edition = $args[1]
            $text = [IO.File]::ReadAllText($args[0]).Replace('$PSEdition', '$edition')
            (& ([scriptblock]::Create($text))).NestedModules
            """,
            Paths.Manifest,
            edition).ToList();
    }

    [Fact]
    public void Versions_of_the_assemblies_are_the_modules()
    {
        foreach (var dll in Directory.GetFiles(Paths.Module, "OciSync.*.dll", SearchOption.AllDirectories))
        {
            Assert.Equal(Paths.Get("VersionPrefix"), new AssemblyFile(dll).Name.Version!.ToString(3));
        }
    }

    private static string[] ManifestList(string key)
    {
        using var session = new Session();
        var list = session.Run(
            "$m = & ([scriptblock]::Create([IO.File]::ReadAllText($args[0]))); $m[$args[1]] | ForEach-Object { $_ }",
            Paths.Manifest,
            key);
        return [.. list.Cast<string>()];
    }

    private static string? CmdletName(MetadataReader reader, TypeDefinition type)
    {
        foreach (var handle in type.GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind == HandleKind.MemberReference
                && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is var parent
                && parent.Kind == HandleKind.TypeReference
                && SignatureNames.Name(reader, (TypeReferenceHandle)parent) == "System.Management.Automation.CmdletAttribute")
            {
                var value = reader.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                return value.ReadSerializedString() + "-" + value.ReadSerializedString();
            }
        }

        return null;
    }
}
