using System.Text.Json.Nodes;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>A signature, whose signatures count, and what has to be said of it.</summary>
/// <param name="Name">What is special.</param>
/// <param name="Found">The signature.</param>
/// <param name="Trust">Whose count.</param>
/// <param name="Refusal">A part of the reason; null where the signature holds.</param>
internal sealed record SigstoreVector(string Name, FoundSignature Found, SigstoreTrust Trust, string? Refusal)
{
    public override string ToString() => Name;

    /// <summary>The signature as a file of a folder of images.</summary>
    internal byte[] ToFile()
    {
        var annotations = new JsonObject();
        foreach (var (key, value) in Found.Annotations)
        {
            annotations[key] = value;
        }

        var json = new JsonObject
        {
            ["mimeType"] = Found.MediaType, ["payload"] = Convert.ToBase64String(Found.Content), ["annotations"] = annotations,
        };
        return [0, .. "sigstore-json\n"u8, .. System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())];
    }

    /// <summary>The same trust as a policy, which is rejected where nothing of it counts.</summary>
    internal string ToPolicy()
    {
        var requirement = new JsonObject
        {
            ["type"] = "sigstoreSigned",
            ["signedIdentity"] = new JsonObject { ["type"] = "exactRepository", ["dockerRepository"] = SigstoreMaker.Repository },
        };
        if (Trust.Keys is { } keys)
        {
            requirement["keyDatas"] = Base64(keys);
        }

        if (Trust.Fulcio is { } fulcio)
        {
            requirement["fulcio"] = new JsonObject
            {
                ["caData"] = Convert.ToBase64String(fulcio.Roots), ["oidcIssuer"] = fulcio.OidcIssuer, ["subjectEmail"] = fulcio.SubjectEmail,
            };
        }

        if (Trust.Pki is { } pki)
        {
            var members = new JsonObject { ["caRootsData"] = Convert.ToBase64String(pki.Roots) };
            requirement["pki"] = members;
            Add(members, "caIntermediatesData", pki.Intermediates is null ? null : Convert.ToBase64String(pki.Intermediates));
            Add(members, "subjectEmail", pki.SubjectEmail);
            Add(members, "subjectHostname", pki.SubjectHostname);
        }

        if (Trust.RekorKeys is { } logs)
        {
            requirement["rekorPublicKeyDatas"] = Base64(logs);
        }

        return new JsonObject { ["default"] = new JsonArray(requirement) }.ToJsonString();
    }

    private static void Add(JsonObject members, string name, string? value)
    {
        if (value is not null)
        {
            members[name] = value;
        }
    }

    private static JsonArray Base64(IEnumerable<byte[]> all) => new([.. all.Select(b => (JsonNode)Convert.ToBase64String(b))]);
}
