using OciSync.Core.Errors;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Text;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;

namespace OciSync.Core.Connections;

/// <summary>Reads one registries.conf. What is wrong in it is named with file and key.</summary>
internal static class RegistriesConfigReader
{
    private const int MaxSize = 256 * 1024;

    private static readonly string[] TopKeys =
    [
        "registry", "unqualified-search-registries", "credential-helpers", "short-name-mode", "additional-layer-store-auth-helper", "aliases",
    ];

    private static readonly string[] RegistryKeys = ["prefix", "location", "insecure", "blocked", "mirror-by-digest-only", "mirror"];
    private static readonly string[] MirrorKeys = ["location", "insecure", "pull-from-mirror"];

    internal static IReadOnlyList<RegistryEntry> ReadFile(RegistriesConfigFile file, List<string> notes)
    {
        try
        {
            if (FileModes.IsWorldWritable(file.Path))
            {
                notes.Add($"Everybody may write '{file.Path}', and so lead registries elsewhere; take that right away: chmod o-w '{file.Path}'");
            }

            return Read(SettingsFile.ReadText(file.Path, MaxSize), file.Path, notes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var by = file.NamedBy is null ? string.Empty : $" that {file.NamedBy} names";
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The file '{file.Path}'{by} can't be read: {e.Message}", e);
        }
    }

    internal static IReadOnlyList<RegistryEntry> Read(string text, string path, List<string> notes)
    {
        // Each of these would be a fault of its own, and there may be a million.
        var place = FindNoText(text);
        if (place >= 0)
        {
            throw new OciException(
                OciErrorKind.ConfigurationInvalid,
                $"'{path}' is not a registries.conf: it has the character {Printable.Character(text, place)} at {place + 1}, which text can't have.");
        }

        return ShortNameText.IsAll(text) ? [] : ReadTables(text, path, notes);
    }

    private static List<RegistryEntry> ReadTables(string text, string path, List<string> notes)
    {
        var root = new TomlNode(Parse(text, path), path, string.Empty);
        if (root.Has("registries"))
        {
            throw root.Fault(
                "registries",
                "is of version 1 of this file, which is no longer read. Write a [[registry]] table with prefix, location, insecure or blocked for each");
        }

        root.NoteUnknown(TopKeys, notes);
        var entries = root.Tables("registry").Select(t => ReadEntry(t, notes)).GroupBy(e => e.Prefix).ToList();
        notes.AddRange(entries.Where(g => g.Count() > 1).Select(g => $"'{path}' has the prefix '{g.Key}' more than once; the first entry is used."));
        return entries.Select(g => g.First()).ToList();
    }

    private static TomlTable Parse(string text, string path)
    {
        try
        {
            // The deserializer takes the last of several equal keys; TOML knows no such thing ("Defining a key multiple times is invalid").
            _ = SyntaxParser.ParseStrict(text);
            return TomlSerializer.Deserialize<TomlTable>(text) ?? [];
        }
        catch (Exception e) when (e is TomlException or ArgumentException or InvalidOperationException or OverflowException or FormatException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"'{path}' is not a registries.conf of version 2: {Describe(e)}", e);
        }
    }

    // The first of perhaps many faults, as the library words it, with its place before it.
    private static string Describe(Exception e)
    {
        var fault = e is TomlException { Diagnostics.Count: > 0 } toml ? toml.Diagnostics[0] : null;
        return fault is null
            ? Printable.Line(e.Message)
            : Printable.Line($"line {fault.Span.Start.Line + 1}, column {fault.Span.Start.Column + 1}: {fault.Message}");
    }

    private static int FindNoText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\uFFFD' || (char.IsControl(text[i]) && text[i] is not ('\t' or '\r' or '\n')))
            {
                return i;
            }
        }

        return -1;
    }

    private static RegistryEntry ReadEntry(TomlNode node, List<string> notes)
    {
        node.NoteUnknown(RegistryKeys, notes);
        var location = ReadLocation(node);
        var prefix = NormalizeHost(node.Text("prefix")?.TrimEnd('/')) ?? location
            ?? throw node.Fault("location", "is missing: a [[registry]] needs a prefix or a location");
        var isWildcard = prefix.StartsWith("*.", StringComparison.Ordinal);
        CheckName(node, "prefix", isWildcard ? prefix.Substring(2) : prefix);
        if (isWildcard && prefix.Contains('/'))
        {
            throw node.Fault("prefix", $"is '{prefix}': a wildcard stands for hosts only, as in *.example.com");
        }

        var digestsOnly = node.Flag("mirror-by-digest-only");
        var mirrors = node.Tables("mirror").Select(m => ReadMirror(m, digestsOnly, notes)).ToList();
        return new RegistryEntry(prefix, location ?? (isWildcard ? string.Empty : prefix), node.Flag("insecure"), node.Flag("blocked"), node.File)
        {
            Mirrors = mirrors,
        };
    }

    private static MirrorEntry ReadMirror(TomlNode node, bool digestsOnly, List<string> notes)
    {
        node.NoteUnknown(MirrorKeys, notes);
        var location = ReadLocation(node) ?? throw node.Fault("location", "is missing: a mirror needs one");
        var from = node.Text("pull-from-mirror");
        if (from is not null && digestsOnly)
        {
            throw node.Fault("pull-from-mirror", "can't stand beside mirror-by-digest-only = true");
        }

        return from switch
        {
            null or "all" => new MirrorEntry(location, node.Flag("insecure"), true, !digestsOnly),
            "digest-only" => new MirrorEntry(location, node.Flag("insecure"), true, false),
            "tag-only" => new MirrorEntry(location, node.Flag("insecure"), false, true),
            _ => throw node.Fault("pull-from-mirror", $"is '{Printable.Text(from)}', not all, digest-only or tag-only"),
        };
    }

    private static string? ReadLocation(TomlNode node)
    {
        if (node.Text("location")?.TrimEnd('/') is not { Length: > 0 } location)
        {
            return null;
        }

        CheckName(node, "location", location);
        return NormalizeHost(location);
    }

    private static string? NormalizeHost(string? name)
    {
        var slash = name?.IndexOf('/') ?? -1;
        return slash < 0 ? name is null ? null : RegistryHost.Normalize(name) : RegistryHost.Normalize(name!.Substring(0, slash)) + name.Substring(slash);
    }

    private static void CheckName(TomlNode node, string key, string name)
    {
        if (name.Contains("://"))
        {
            throw node.Fault(key, $"is '{Printable.Text(name)}': it is written without a scheme; for http, insecure = true");
        }

        var slash = name.IndexOf('/');
        var fault = RegistryHost.FindFault(RegistryHost.Normalize(slash < 0 ? name : name.Substring(0, slash)))
            ?? (slash < 0 ? null : RepositoryName.FindFault(name.Substring(slash + 1)));
        if (fault is not null)
        {
            throw node.Fault(key, $"is no registry or namespace: {fault}");
        }
    }
}
