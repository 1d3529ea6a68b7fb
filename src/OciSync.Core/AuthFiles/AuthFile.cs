using System.Text;
using System.Text.Json;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;

namespace OciSync.Core.AuthFiles;

/// <summary>
/// What a <c>config.json</c>, <c>auth.json</c> or <c>.dockercfg</c> says. An entry is decoded when it is asked for: a broken one does not
/// hide the others.
/// </summary>
internal sealed class AuthFile
{
    private readonly string _path;
    // One registry may stand there in several spellings (host, https://host, https://host/v1/): the best one first.
    private readonly Dictionary<string, List<(string Key, JsonElement Entry)>> _logins;
    private readonly Dictionary<string, string> _helpers;

    private AuthFile(string path, JsonElement root, bool isLegacy)
    {
        _path = path;
        _logins = ReadLogins(isLegacy ? root : Member(root, "auths"));
        _helpers = ReadHelpers(Member(root, "credHelpers"));
        Store = isLegacy ? null : Text(root, "credsStore", "credsStore") is { Length: > 0 } store ? store : null;
    }

    /// <summary>The helper for everything that has none of its own, or null.</summary>
    internal string? Store { get; }

    /// <summary>The keys with a helper of their own.</summary>
    internal IReadOnlyDictionary<string, string> Helpers => _helpers;

    /// <summary>The keys with an entry that is not empty.</summary>
    internal IEnumerable<string> Keys => _logins.Where(l => l.Value.Exists(e => e.Entry.EnumerateObject().Any())).Select(l => l.Key);

    /// <summary>Reads a file, or gives null when there is none. <exception cref="OciException">It can't be read, or is no such file.</exception></summary>
    internal static AuthFile? Load(AuthFilePlace place, EngineEvents events)
    {
        if (!File.Exists(place.Path) && !Directory.Exists(place.Path))
        {
            return place.IsRequired
                ? throw new OciException(OciErrorKind.ConfigurationInvalid, $"There is no credential file '{place.Path}' (-AuthFilePath).")
                : null;
        }

        if (FileModes.IsWorldWritable(place.Path))
        {
            events.Warn($"Everybody may write the credential file '{place.Path}'; take that right away: chmod 600 '{place.Path}'");
        }

        return Parse(place, ReadBytes(place.Path));
    }

    internal static AuthFile Parse(AuthFilePlace place, byte[] bytes)
    {
        if (bytes.All(b => b is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t'))
        {
            bytes = [(byte)'{', (byte)'}'];
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            ManifestJson.CheckTexts(document.RootElement);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? new AuthFile(place.Path, root, place.IsLegacy)
                : throw Fault(place.Path, "it must hold an object");
        }
        catch (InvalidOperationException e)
        {
            throw Fault(place.Path, "it holds text that is not Unicode", e);
        }
        catch (JsonException e)
        {
            throw Fault(place.Path, $"line {(e.LineNumber ?? 0) + 1} is not JSON", e);
        }
    }

    internal static byte[] ReadBytes(string path)
    {
        try
        {
            return ToUtf8(SettingsFile.ReadBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, e.Message, e);
        }
    }

    // Without a byte order mark. Windows PowerShell writes UTF-16 where nothing else is asked for (> and Out-File).
    private static byte[] ToUtf8(byte[] bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => bytes.Skip(3).ToArray(),
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2)),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2)),
        _ => bytes,
    };

    internal static OciException Fault(string path, string what, Exception? inner = null) =>
        new(OciErrorKind.ConfigurationInvalid, $"The credential file '{path}' can't be used: {what}.", inner);

    internal string? FindHelper(string key) => _helpers.TryGetValue(key, out var name) ? name : null;

    /// <summary>
    /// The login under exactly this key, or null: of the entry that is spelled so, else of the first other spelling. An entry without a
    /// login hides none. <exception cref="OciException">The entry is broken.</exception>
    /// </summary>
    internal RegistryCredential? FindLogin(string key) =>
        _logins.TryGetValue(key, out var entries) ? entries.Select(e => ReadLogin(e.Key, e.Entry)).FirstOrDefault(l => l is not null) : null;

    private RegistryCredential? ReadLogin(string name, JsonElement entry)
    {
        var (user, password) = Decode(Text(entry, "auth", Where(name, "auth")), name);
        user ??= Text(entry, "username", Where(name, "username"));
        password ??= Text(entry, "password", Where(name, "password"));
        if (Text(entry, "identitytoken", Where(name, "identitytoken")) is { Length: > 0 } identity)
        {
            return RegistryCredential.FromIdentityToken(identity, user ?? string.Empty);
        }

        if (Text(entry, "registrytoken", Where(name, "registrytoken")) is { Length: > 0 } token)
        {
            return RegistryCredential.FromRegistryToken(token);
        }

        return user is not { Length: > 0 } ? null : RegistryCredential.FromPassword(user, password ?? string.Empty);
    }

    private Dictionary<string, List<(string Key, JsonElement Entry)>> ReadLogins(JsonElement? auths)
    {
        var logins = new Dictionary<string, List<(string Key, JsonElement Entry)>>(StringComparer.Ordinal);
        foreach (var entry in auths?.EnumerateObject() ?? default(IEnumerable<JsonProperty>) ?? [])
        {
            if (entry.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                throw Fault(_path, $"auths['{entry.Name}'] must be an object");
            }

            if (entry.Value.ValueKind == JsonValueKind.Object)
            {
                var key = AuthKeys.Normalize(entry.Name);
                var spellings = logins.TryGetValue(key, out var known) ? known : logins[key] = [];

                // The very same key twice is one key, and its last value counts, as for every reader of JSON.
                spellings.RemoveAll(s => s.Key == entry.Name);
                spellings.Insert(entry.Name == key ? 0 : spellings.Count, (entry.Name, entry.Value));
            }
        }

        return logins;
    }

    private Dictionary<string, string> ReadHelpers(JsonElement? section)
    {
        var helpers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in section?.EnumerateObject() ?? default(IEnumerable<JsonProperty>) ?? [])
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
            {
                throw Fault(_path, $"credHelpers['{entry.Name}'] must be the name of a helper");
            }

            // The registry's own name goes before other spellings of it, and of these the first counts.
            var key = AuthKeys.Normalize(entry.Name);
            if (entry.Value.GetString() is { Length: > 0 } name && (entry.Name == key || !helpers.ContainsKey(key)))
            {
                helpers[key] = name;
            }
        }

        return helpers;
    }

    private (string? User, string? Password) Decode(string? encoded, string key)
    {
        if (encoded is not { Length: > 0 })
        {
            return (null, null);
        }

        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
            var colon = pair.IndexOf(':');
            return colon >= 0
                ? (pair.Substring(0, colon), pair.Substring(colon + 1).TrimEnd('\0'))
                : throw Fault(_path, $"{Where(key, "auth")} is not 'user:password' in base64");
        }
        catch (FormatException)
        {
            throw Fault(_path, $"{Where(key, "auth")} is not base64");
        }
    }

    private JsonElement? Member(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind == JsonValueKind.Object ? member : throw Fault(_path, $"'{name}' must be an object");
    }

    private string? Text(JsonElement entry, string name, string where)
    {
        if (!entry.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Fault(_path, $"{where} must be a text");
    }

    private static string Where(string key, string member) => $"auths['{key}'].{member}";
}
