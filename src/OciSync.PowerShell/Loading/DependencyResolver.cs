using System.Reflection;
#if NET
using System.Runtime.Loader;
#endif

namespace OciSync.PowerShell.Loading;

/// <summary>
/// Finds the module's own dependencies. PowerShell 7: OciSync.Core, and it alone, is answered for, out of a load context of its own that
/// holds the rest. Windows PowerShell: files of the module's own folder, when they are as new as what is asked for.
/// </summary>
internal static class DependencyResolver
{
    private static readonly object Lock = new();
    private static int _imports;

    private static string Folder => Path.GetDirectoryName(typeof(DependencyResolver).Assembly.Location)!;

    /// <summary>Each import counts: other runspaces of the process may have the module too.</summary>
    internal static void Attach()
    {
        lock (Lock)
        {
            if (_imports++ == 0)
            {
                Subscribe();
            }
        }
    }

    internal static void Detach()
    {
        lock (Lock)
        {
            if (--_imports == 0)
            {
                Unsubscribe();
            }
        }
    }

#if NET
    private const string Bridge = "OciSync.Core";
    private static readonly Lazy<DependencyContext> Context = new(() => new DependencyContext(Path.Combine(Folder, "deps")));

    private static void Subscribe() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static void Unsubscribe() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == Bridge ? Context.Value.LoadFromAssemblyName(name) : null;
#else
    private static void Subscribe() => AppDomain.CurrentDomain.AssemblyResolve += Resolve;

    private static void Unsubscribe() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    private static Assembly? Resolve(object? sender, ResolveEventArgs asked)
    {
        var name = new AssemblyName(asked.Name);
        var file = Path.Combine(Folder, name.Name + ".dll");
        if (!File.Exists(file))
        {
            return null;
        }

        var shipped = AssemblyName.GetAssemblyName(file);
        return name.Version is null || shipped.Version >= name.Version ? Assembly.LoadFrom(file) : null;
    }
#endif
}
