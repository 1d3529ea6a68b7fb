using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.References;

namespace OciSync.Core.AuthFiles;

/// <summary>Changes one login in the text of an auth file. Everything else keeps its meaning and its order, unknown keys included.</summary>
internal static class AuthFileEditor
{
    private static readonly string[] SecretMembers = ["auth", "username", "password", "identitytoken", "registrytoken"];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The file with this login under this key.</summary>
    internal static byte[] SetLogin(string path, byte[] content, string key, RegistryCredential credential)
    {
        var root = Parse(path, content);
        if (root["auths"] is not JsonObject auths)
        {
            root["auths"] = auths = [];
        }

        var names = NamesOf(auths, key);
        var name = names.Count > 0 ? names[0] : NewName(path, key);
        foreach (var twin in names.Skip(1))
        {
            auths.Remove(twin);
        }

        if (auths[name] is not JsonObject entry)
        {
            auths[name] = entry = [];
        }

        foreach (var member in SecretMembers)
        {
            entry.Remove(member);
        }

        var secret = credential.IsIdentityToken ? string.Empty : credential.Secret;
        entry["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(credential.Username + ":" + secret));
        if (credential.IsIdentityToken)
        {
            entry["identitytoken"] = credential.Secret;
        }

        return Write(root);
    }

    /// <summary>The file without a login under this key; null when it has none.</summary>
    internal static byte[]? RemoveLogin(string path, byte[] content, string key)
    {
        var root = Parse(path, content);
        if (root["auths"] is not JsonObject auths || NamesOf(auths, key) is not { Count: > 0 } names)
        {
            return null;
        }

        foreach (var name in names)
        {
            auths.Remove(name);
        }

        return Write(root);
    }

    private static List<string> NamesOf(JsonObject auths, string key) => auths.Select(a => a.Key).Where(k => AuthKeys.Normalize(k) == key).ToList();

    // Docker looks for Docker Hub under its old URL only; the others know it by its name.
    private static string NewName(string path, string key) =>
        key == RegistryHost.DockerHub && Path.GetFileName(path) == "config.json" ? AuthKeys.DockerHubServer : key;

    private static JsonObject Parse(string path, byte[] content)
    {
        // What can't be used can't be changed either: the reader's words for it.
        AuthFile.Parse(new AuthFilePlace(path), content);
        try
        {
            var root = (content.Any(b => b > ' ') ? JsonNode.Parse(content) as JsonObject : null) ?? [];
            _ = root["auths"] is JsonObject auths ? auths.Count : 0;
            return root;
        }
        catch (ArgumentException e)
        {
            throw AuthFile.Fault(path, "a key stands there twice", e);
        }
    }

    private static byte[] Write(JsonObject root) => Encoding.UTF8.GetBytes(root.ToJsonString(Indented) + "\n");
}
