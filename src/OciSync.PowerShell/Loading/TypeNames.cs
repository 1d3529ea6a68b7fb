using System.Management.Automation;
using System.Reflection;
using OciSync.Core.Versions;

namespace OciSync.PowerShell.Loading;

/// <summary>
/// The short name <c>[OciVersion]</c> for the version of a tag: its own name can't be found from scripts, as the engine is in a load context
/// of its own. It is added the way about_Classes shows for modules; there is no public API for it.
/// </summary>
internal static class TypeNames
{
    private const string VersionName = "OciVersion";

    private static readonly Type? Accelerators = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators");

    internal static void Add() => Call("Add", VersionName, typeof(TagVersion));

    internal static void Remove() => Call("Remove", VersionName);

    private static void Call(string name, params object[] arguments)
    {
        Type[] types = [.. arguments.Select(a => a is Type ? typeof(Type) : a.GetType())];
        Accelerators?.GetMethod(name, BindingFlags.Public | BindingFlags.Static, null, types, null)?.Invoke(null, arguments);
    }
}
