using System.Reflection;

namespace OciSync.Module.Tests;

/// <summary>Where the build put things.</summary>
internal static class Paths
{
    internal const string Net8 = "bin/net8.0";
    internal const string NetStandard = "bin/netstandard2.0";

    internal static string RepositoryRoot => Get("RepositoryRoot");

    internal static string Module => Path.Combine(RepositoryRoot, "out", "OciSync");

    internal static string Manifest => Path.Combine(Module, "OciSync.psd1");

    internal static string Get(string key) => typeof(Paths).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key)
        .Value!;

    internal static string InModule(params string[] parts) => Path.Combine([Module, .. parts]);

    /// <summary>What PowerShell 7 takes from the folder of Windows PowerShell, as both take the same file of it.</summary>
    internal static string[] Shared { get; } = Get("SharedLibraries").Split('|').Select(name => InModule(NetStandard, name + ".dll")).ToArray();

    internal static string[] Dlls(string folder) => Directory.GetFiles(folder, "*.dll");
}
