#if NET8_0_OR_GREATER
using System.Runtime.InteropServices;

namespace OciSync.PowerShell.Loading;

/// <summary>
/// Where assemblies lie that were compiled ahead of time for one .NET and one system: <c>deps/net10.0-linux-x64</c> and the like, beside those for
/// every system. Code for another .NET is no use, as the runtime leaves it aside.
/// </summary>
internal static class NativeFolder
{
    /// <summary>The folder for this process; null when there is none.</summary>
    /// <param name="folder">The folder with the assemblies for every system.</param>
    internal static string? Find(string folder)
    {
        var native = Path.Combine(folder, Name(Environment.Version, RuntimeInformation.RuntimeIdentifier));
        return Directory.Exists(native) ? native : null;
    }

    /// <summary>The folder with the dependencies of an OciSync.PowerShell.dll, which may itself lie in a folder for one system.</summary>
    /// <param name="module">The folder of that file.</param>
    internal static string FindDependencies(string module)
    {
        var beside = Path.Combine(module, "deps");
        return Directory.Exists(beside) ? beside : Path.Combine(Path.GetDirectoryName(module) ?? module, "deps");
    }

    /// <summary>The name of the folder for a .NET and a system.</summary>
    internal static string Name(Version version, string runtime) => $"net{version.Major}.{version.Minor}-{runtime}";
}
#endif
