using System.Text;
using System.Text.Json;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Auth;

/// <summary>
/// The <c>auths</c> of a docker <c>config.json</c>: keys are a host, a host with a path (containers-auth.json(5)), or Docker Hub's old URL.
/// The longest matching key wins. The file is read once, when first asked.
/// </summary>
internal sealed class AuthFileCredentials(string path) : ICredentialSource
{
    private const string DockerHubKey = "index.docker.io";

    private readonly Lazy<IReadOnlyDictionary<string, RegistryCredential>> _entries = new(() => Read(path));

    /// <summary><c>config.json</c> in <c>DOCKER_CONFIG</c> or <c>~/.docker</c>.</summary>
    internal static string DefaultPath
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG");
            return string.IsNullOrEmpty(folder)
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker", "config.json")
                : Path.Combine(folder, "config.json");
        }
    }

    public RegistryCredential? Find(RegistryAddress address)
    {
        var name = address.Host + "/" + address.Repository;
        while (true)
        {
            if (_entries.Value.TryGetValue(name, out var credential))
            {
                return credential;
            }

            var slash = name.LastIndexOf('/');
            if (slash < 0)
            {
                return address.Host == RegistryHost.DockerHub && _entries.Value.TryGetValue(DockerHubKey, out var hub) ? hub : null;
            }

            name = name.Substring(0, slash);
        }
    }

    private static Dictionary<string, RegistryCredential> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return ReadEntries(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The credential file '{path}' can't be read: {e.Message}", e);
        }
    }

    private static Dictionary<string, RegistryCredential> ReadEntries(JsonElement root)
    {
        var entries = new Dictionary<string, RegistryCredential>(StringComparer.Ordinal);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("auths", out var auths) || auths.ValueKind != JsonValueKind.Object)
        {
            return entries;
        }

        foreach (var auth in auths.EnumerateObject())
        {
            if (ReadCredential(auth.Value) is { } credential)
            {
                entries[NormalizeKey(auth.Name)] = credential;
            }
        }

        return entries;
    }

    private static RegistryCredential? ReadCredential(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (Text(entry, "identitytoken") is { Length: > 0 } token)
        {
            return RegistryCredential.FromIdentityToken(token);
        }

        if (Text(entry, "auth") is { Length: > 0 } encoded)
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).TrimEnd('\0');
            var colon = pair.IndexOf(':');
            return colon > 0 ? RegistryCredential.FromPassword(pair.Substring(0, colon), pair.Substring(colon + 1)) : null;
        }

        return Text(entry, "username") is { Length: > 0 } user ? RegistryCredential.FromPassword(user, Text(entry, "password") ?? string.Empty) : null;
    }

    private static string NormalizeKey(string key)
    {
        var name = key;
        foreach (var scheme in new[] { "https://", "http://" })
        {
            name = name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? name.Substring(scheme.Length) : name;
        }

        // Old entries carry the API's path: https://index.docker.io/v1/.
        foreach (var suffix in new[] { "/v1/", "/v2/", "/v1", "/v2", "/" })
        {
            name = name.EndsWith(suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - suffix.Length) : name;
        }

        return name;
    }

    private static string? Text(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
