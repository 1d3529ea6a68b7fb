using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OciSync.Module.Tests;

/// <summary>Does what other modules of a session may have done before OciSync is imported.</summary>
internal static class ModuleInitializer
{
    [ModuleInitializer]
    internal static void LoadOlderVersions()
    {
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Paths.Get("OlderPolly"));
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Paths.Get("OlderYamlDotNet"));
    }
}
