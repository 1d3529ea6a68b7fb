using System.Management.Automation;

namespace OciSync.PowerShell.Parameters;

/// <summary>
/// Paths of PowerShell's as paths of the system, for every parameter: from the current folder (also while the location is in the registry or
/// elsewhere), from the root of its drive, or on a drive of the session.
/// </summary>
internal sealed class UserPaths(SessionState session)
{
    private const string Files = "FileSystem";
    private static readonly bool OnWindows = Path.DirectorySeparatorChar == '\\';

    /// <summary>Whether the session has a drive of this name for files.</summary>
    internal bool IsDrive(string name) =>
        session.Drive.GetAllForProvider(Files).Any(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The full path. Nothing has to be there.</summary>
    internal string Resolve(string path)
    {
        var full = Path.GetFullPath(Path.Combine(session.Path.CurrentFileSystemLocation.ProviderPath, ToSystem(path)));
        return full.Length > Path.GetPathRoot(full)!.Length ? full.TrimEnd('/', Path.DirectorySeparatorChar) : full;
    }

    /// <summary>The files and folders that a path with wildcards stands for.</summary>
    /// <exception cref="ItemNotFoundException">There are none, or they are no files.</exception>
    internal static IReadOnlyList<string> Find(PSCmdlet cmdlet, string pattern)
    {
        var paths = new UserPaths(cmdlet.SessionState);
        var found = cmdlet.GetResolvedProviderPathFromPSPath(paths.Anchor(pattern), out var provider);
        return provider.Name == Files ? found : throw new ItemNotFoundException($"'{pattern}' is not in the file system.");
    }

    private string ToSystem(string path)
    {
        if (IsHome(path))
        {
            return Home + path.Substring(1);
        }

        var colon = path.IndexOf(':');
        var name = colon > 0 && path.IndexOfAny(['/', '\\']) is var slash && (slash < 0 || slash > colon) ? path.Substring(0, colon) : null;

        // A drive that isn't known is for PowerShell to tell, but for letters and for names that a file may have.
        var isUnknown = name?.Length > 1 && path.Length > colon + 1 && (path[colon + 1] == '\\' || (OnWindows && path[colon + 1] == '/'));
        return name is not null && (isUnknown || IsDrive(name) || path.StartsWith(name + "::", StringComparison.Ordinal))
            ? AskSession(path)
            : IsRooted(path) ? AskSession(Root + path) : path;
    }

    private string AskSession(string path)
    {
        var full = session.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == Files ? full : throw new PSArgumentException($"'{path}' is not in the file system.");
    }

    // While the location is elsewhere, PowerShell itself would look there.
    private string Anchor(string pattern)
    {
        if (pattern.Contains(":") || session.Path.CurrentLocation.Provider.Name == Files)
        {
            return pattern;
        }

        var path = IsHome(pattern) ? WildcardPattern.Escape(Home) + pattern.Substring(1) : IsRooted(pattern) ? Root + pattern : pattern;
        return path.Contains(":")
            ? path
            : Files + "::" + Path.Combine(WildcardPattern.Escape(session.Path.CurrentFileSystemLocation.ProviderPath), path);
    }

    private string Home => session.Provider.GetOne(Files).Home;

    // The drive of the current folder; a share has none, and what is rooted is on it then.
    private string Root =>
        session.Path.CurrentFileSystemLocation is { Drive: { } drive } here && here.Path.StartsWith(drive.Name + ":", StringComparison.Ordinal)
            ? drive.Name + ":"
            : Path.GetPathRoot(session.Path.CurrentFileSystemLocation.ProviderPath)!.TrimEnd('\\');

    private static bool IsHome(string path) =>
        path is "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal);

    // \folder, and not \\server or \\?\.
    private static bool IsRooted(string path) =>
        OnWindows && path.Length > 0 && path[0] is '\\' or '/' && !(path.Length > 1 && path[1] is '\\' or '/');
}
