using System.Reflection;

namespace OciSync.Loader;

/// <summary>
/// The assembly of the cmdlets: as it was compiled ahead of time for this .NET and this system, if the module has that, else the one that fits all. When
/// PowerShell asks for <c>OciSync.PowerShell.dll</c> itself a moment later, it gets what is loaded: for the runtime both files are the same assembly.
/// </summary>
internal static class CmdletAssembly
{
    private const string FileName = "OciSync.PowerShell.dll";

    private static readonly Lazy<Assembly> Loaded = new(Load);

    /// <summary>It, loaded once in a process.</summary>
    internal static Assembly Value => Loaded.Value;

    private static Assembly Load()
    {
        // Windows PowerShell's .NET has the version 4, whatever is installed.
        var folder = Path.Combine(
            Path.GetDirectoryName(typeof(CmdletAssembly).Assembly.Location) ?? string.Empty, Environment.Version.Major >= 5 ? "net8.0" : "netstandard2.0");
        var native = Path.Combine(folder, NativeFolder(), FileName);
        return (File.Exists(native) ? TryLoad(native) : null) ?? Assembly.LoadFrom(Path.Combine(folder, FileName));
    }

    // The name of the system is that of RuntimeInformation.RuntimeIdentifier, which .NET Standard hasn't.
    private static string NativeFolder() =>
        $"net{Environment.Version.Major}.{Environment.Version.Minor}-{AppContext.GetData("RUNTIME_IDENTIFIER") as string}";

    private static Assembly? TryLoad(string path)
    {
        try
        {
            return Assembly.LoadFrom(path);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            // What doesn't fit this machine is no loss: there is the one that fits all.
            return null;
        }
    }
}
