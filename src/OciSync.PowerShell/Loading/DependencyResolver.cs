using System.Reflection;
#if NET8_0_OR_GREATER
using System.Runtime.Loader;
#endif

namespace OciSync.PowerShell.Loading;

/// <summary>Registers, once a process however many runspaces import the module, the handler that finds its dependencies.</summary>
internal static class DependencyResolver
{
    private static readonly object Gate = new();
    private static int users;

    internal static void Acquire()
    {
        lock (Gate)
        {
            if (users++ == 0)
            {
                Register();
                TypeNames.Add();
            }
        }
    }

    internal static void Release()
    {
        lock (Gate)
        {
            // A runspace that is closed without Remove-Module never releases: the handler then stays, which harms nobody.
            if (users > 0 && --users == 0)
            {
                TypeNames.Remove();
                Unregister();
            }
        }
    }

    /// <summary>The folder of OciSync.PowerShell.dll; with native code that is one below the folder which has <c>deps</c>.</summary>
    internal static string ModuleFolder { get; } = Path.GetDirectoryName(typeof(DependencyResolver).Assembly.Location) ?? string.Empty;

#if NET8_0_OR_GREATER
    private static readonly DependencyLoadContext Dependencies = new(NativeFolder.FindDependencies(ModuleFolder));

    private static void Register() => AssemblyLoadContext.Default.Resolving += OnResolving;

    private static void Unregister() => AssemblyLoadContext.Default.Resolving -= OnResolving;

    private static Assembly? OnResolving(AssemblyLoadContext context, AssemblyName name) => Dependencies.ResolveBridge(name);
#else
    private static readonly FolderResolver Folder = new(ModuleFolder);

    private static void Register() => AppDomain.CurrentDomain.AssemblyResolve += OnAssemblyResolve;

    private static void Unregister() => AppDomain.CurrentDomain.AssemblyResolve -= OnAssemblyResolve;

    private static Assembly? OnAssemblyResolve(object? sender, ResolveEventArgs args) => Folder.Resolve(args.Name, args.RequestingAssembly);
#endif
}
