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
    private readonly string? _native = NativeFolder.Find(folder);

    /// <summary>Answers the default context: for the bridge, unless a newer one is asked for, and for no other name.</summary>
    internal Assembly? ResolveBridge(AssemblyName name)
    {
        if (!string.Equals(name.Name, Bridge, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // The runtime doesn't compare versions with what a handler gives it.
        var shipped = LoadFromAssemblyName(new AssemblyName(Bridge));
        return name.Version is null || shipped.GetName().Version >= name.Version ? shipped : null;
    }

    /// <summary>What is in the folder comes from the folder; null sends the question on to the default context (the framework).</summary>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = assemblyName.Name + ".dll";
        var path = new[] { _native, folder }.OfType<string>().Select(f => Path.Combine(f, file)).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }
}
#endif
