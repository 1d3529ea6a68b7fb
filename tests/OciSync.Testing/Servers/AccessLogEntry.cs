using System.Globalization;
using System.Text.RegularExpressions;

namespace OciSync.Testing.Servers;

/// <summary>One request in the access log of docker-registry.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="Status">The status.</param>
/// <param name="Bytes">The bytes of the answer's body.</param>
/// <param name="UserAgent">The client.</param>
public sealed partial record AccessLogEntry(string Method, string Path, int Status, long Bytes, string UserAgent)
{
    internal static AccessLogEntry? TryParse(string line)
    {
        var match = Combined().Match(line);
        return match.Success
            ? new AccessLogEntry(
                match.Groups["method"].Value,
                match.Groups["path"].Value,
                int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture),
                long.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture),
                match.Groups["agent"].Value)
            : null;
    }

    /// <summary>The combined log format of Apache, which docker-registry writes to its standard output.</summary>
    [GeneratedRegex("\"(?<method>[A-Z]+) (?<path>[^ \"]+) HTTP/[0-9.]+\" (?<status>[0-9]{3}) (?<bytes>[0-9]+) \"[^\"]*\" \"(?<agent>[^\"]*)\"")]
    private static partial Regex Combined();
}
