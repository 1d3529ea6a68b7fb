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

    // bin/net8.0/deps has a neighbour bin/netstandard2.0.
    private readonly string _shared = Path.GetFullPath(Path.Combine(folder, "..", "..", "netstandard2.0"));

    /// <summary>Answers the default context: for the bridge, unless a newer one is asked for, and for no other name.</summary>
    internal Assembly? ResolveBridge(AssemblyName name)
    {
        if (!string.Equals(name.Name, Bridge, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // A module without its engine has none to give; asked by name, the question would come back here for ever.
        if (Find(Bridge) is not { } path)
        {
            return null;
        }

        // The runtime doesn't compare versions with what a handler gives it.
        var shipped = LoadFromAssemblyPath(path);
        return name.Version is null || shipped.GetName().Version >= name.Version ? shipped : null;
    }

    /// <summary>What is in the folder comes from the folder; null sends the question on to the default context (the framework).</summary>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        Find(assemblyName.Name) is { } path ? LoadFromAssemblyPath(path) : null;

    // Libraries of which Windows PowerShell takes the same file, beside which it lies. All else there is for the .NET Framework alone. They are named
    // once more in Directory.Build.targets.
    private static bool IsShared(string? name) =>
        name is "BouncyCastle.Cryptography"
            or "SharpCompress" or "ICSharpCode.SharpZipLib" or "YamlDotNet" or "System.IO.Pipelines" or "Microsoft.Net.Http.Headers"
        || name?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) == true
        || name?.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) == true;

    // The file for this system, else the one for all.
    private string? Find(string? name)
    {
        var file = name + ".dll";
        if (_native is not null && Path.Combine(_native, file) is var native && File.Exists(native))
        {
            return native;
        }

        return IsShared(name) && Path.Combine(_shared, file) is var shared && File.Exists(shared) ? shared
            : Path.Combine(folder, file) is var path && File.Exists(path) ? path
            : null;
    }
}
#endif
