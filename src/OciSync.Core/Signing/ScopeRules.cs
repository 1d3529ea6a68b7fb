using System.Text.RegularExpressions;
using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>
/// What a scope other than the empty one may be, by transport (containers-policy.json(5), "Supported transports and their scopes"). Unknown
/// transports, and some that skopeo knows by name alone, have no rules.
/// </summary>
internal static class ScopeRules
{
    private static readonly bool OnWindows = Path.DirectorySeparatorChar == '\\';

    // [driver@graphroot+runroot:options]rest, the driver and what follows the root optional.
    private static readonly Regex Storage = new(@"\A\[(?:[^@\]]+@)?/[^\]]*\](?<rest>.*)\z", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    /// <summary>What is wrong with a scope, or null.</summary>
    internal static string? FindFault(string transport, string scope) => transport switch
    {
        "dir" or "oci" or "oci-archive" or "sif" => FindPathFault(scope, OnWindows),
        "docker-archive" or "tarball" => $"{transport} has no scopes but \"\"",
        "docker-daemon" => DockerName.IsDigest(scope) ? "the number of an image is no scope" : null,
        "containers-storage" => Storage.Match(scope) is { Success: true } match && IsStorageRest(match.Groups["rest"].Value)
            ? null : "it has to begin with [driver@/folder]",
        _ => null,
    };

    /// <summary>What is wrong with the path of a file or folder as a scope, or null: it is absolute and as short as it can be.</summary>
    internal static string? FindPathFault(string scope, bool isWindows)
    {
        if (scope == "/")
        {
            return "the root is no scope; everything of a transport is the scope \"\"";
        }

        if (!(isWindows ? IsOnDrive(scope) : scope[0] == '/'))
        {
            return isWindows ? @"it has to be an absolute path, such as C:\images" : "it has to be an absolute path, such as /srv/images";
        }

        var clean = Clean(scope, isWindows);
        return clean == scope ? null : $"it has to be written {Printable.Text(clean)}";
    }

    private static bool IsOnDrive(string scope) => scope.Length > 2 && scope[0] is >= 'a' and <= 'z' or >= 'A' and <= 'Z' && scope[1] == ':' && scope[2] == '\\';

    // Without empty parts, '.', '..' and a separator at the end.
    private static string Clean(string path, bool isWindows)
    {
        var separators = isWindows ? new[] { '\\', '/' } : ['/'];
        var root = isWindows ? path.Substring(0, 3) : "/";
        var parts = new List<string>();
        foreach (var part in path.Substring(root.Length).Split(separators))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return root + string.Join(isWindows ? "\\" : "/", parts);
    }

    private static bool IsStorageRest(string rest) => rest.Length == 0 || rest[0] != '@' || DockerName.IsId(rest.Substring(1));
}
