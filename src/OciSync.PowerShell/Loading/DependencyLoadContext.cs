#if NET8_0_OR_GREATER
using System.Reflection;
using System.Runtime.Loader;

namespace OciSync.PowerShell.Loading;

/// <summary>
/// PowerShell 7: the context of everything in <c>deps/</c>, so that OciSync's dependencies and those of other modules
/// never meet. <c>OciSync.Core</c> alone can be reached from the default context.
/// </summary>
internal sealed class DependencyLoadContext(string folder) : AssemblyLoadContext("OciSync")
{
    private const string Bridge = "OciSync.Core";

    /// <summary>Answers the default context: for the bridge, and for no other name.</summary>
    internal Assembly? ResolveBridge(AssemblyName name) =>
        string.Equals(name.Name, Bridge, StringComparison.OrdinalIgnoreCase) ? LoadFromAssemblyName(name) : null;

    /// <summary>What is in the folder comes from the folder; null sends the question on to the default context (the framework).</summary>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
#endif
