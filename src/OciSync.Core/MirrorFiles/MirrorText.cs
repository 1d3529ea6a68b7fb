using System.Text;
using OciSync.Core.AuthFiles;

namespace OciSync.Core.MirrorFiles;

/// <summary>Pieces that several writers have.</summary>
internal static class MirrorText
{
    /// <summary>The beginning of the first line of a file that is all ours.</summary>
    internal const string Mark = "# Written by Export-OciMirrorConfig of OciSync";

    /// <summary>The words before a configuration: whose it is, and who decides what a tag is.</summary>
    internal static string Head(string registries, bool noFallback) =>
        $"{Mark}: images of {registries} come from the mirror. The next export replaces this file.\n{Fallback(noFallback)}\n";

    /// <summary>Who decides what a tag is, as a comment.</summary>
    internal static string Fallback(bool noFallback) => noFallback
        ? "# What the mirror lacks is not pulled: the registry itself is not asked."
        : "# What the mirror lacks, or a mirror that is away, is asked of the registry itself, which then says what a tag is (-NoFallback forbids it).";

    internal static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');

    /// <summary>A basic string of TOML, which is one of YAML and JSON too.</summary>
    internal static string Quote(string value) => "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    /// <summary>A login as the value of an Authorization header (RFC 7617).</summary>
    internal static string Basic(RegistryCredential credential) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credential.Username + ":" + credential.Secret));

    /// <summary>Registries in words.</summary>
    internal static string Names(IEnumerable<string> registries) => string.Join(", ", registries);
}
