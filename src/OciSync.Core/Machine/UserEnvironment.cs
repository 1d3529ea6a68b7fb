using System.Runtime.InteropServices;

namespace OciSync.Core.Machine;

/// <summary>What the user's environment says: variables, the home folder, the kind of system. Tests bring their own.</summary>
internal sealed record UserEnvironment(Func<string, string?> Variable, string Home, bool IsWindows, bool IsLinux)
{
    /// <summary>This process's environment.</summary>
    internal static UserEnvironment Current => new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows),
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux));

    /// <summary>The value of a variable, or null when it is missing or empty.</summary>
    internal string? Find(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;
}
