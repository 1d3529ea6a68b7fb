#if !NET8_0_OR_GREATER
using System.Reflection;

namespace OciSync.PowerShell.Loading;

/// <summary>
/// Windows PowerShell 5.1: answers for files in the module's own folder only, when the shipped version is not older than
/// the one asked for. It replaces the binding redirects that a module cannot have.
/// </summary>
internal sealed class FolderResolver(string folder)
{
    internal Assembly? Resolve(string displayName, Assembly? requester)
    {
        if (requester is not null && !IsOurs(requester))
        {
            return null;
        }

        var asked = new AssemblyName(displayName);
        var path = Path.Combine(folder, asked.Name + ".dll");
        return File.Exists(path) && Satisfies(AssemblyName.GetAssemblyName(path), asked) ? Assembly.LoadFrom(path) : null;
    }

    private bool IsOurs(Assembly requester) =>
        !requester.IsDynamic
        && string.Equals(Path.GetDirectoryName(requester.Location), folder, StringComparison.OrdinalIgnoreCase);

    private static bool Satisfies(AssemblyName shipped, AssemblyName asked) =>
        (asked.Version is null || shipped.Version >= asked.Version)
        && (asked.GetPublicKeyToken() is not { Length: > 0 } token || token.SequenceEqual(shipped.GetPublicKeyToken() ?? []));
}
#endif
