#if NET
using System.Reflection;
using System.Runtime.Loader;

namespace OciSync.PowerShell.Loading;

/// <summary>The load context of OciSync.Core and its packages: their own folder first, the framework otherwise.</summary>
internal sealed class DependencyContext(string folder) : AssemblyLoadContext("OciSync")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
#endif
