using System.Text.Json;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Notary;

/// <summary>A trust policy of the Notary Project (<c>trustpolicy.json</c>, version 1.0): for each repository the statement that holds.</summary>
internal sealed class NotaryPolicy
{
    private const string Place = "the trust policy";
    private const string Everything = "*";

    private readonly IReadOnlyList<NotaryStatement> _statements;

    private NotaryPolicy(JsonElement root)
    {
        var members = StrictJson.Exactly(root, Place, "version", "trustPolicies");
        if (StrictJson.Text(members["version"], "version") != "1.0" || members["trustPolicies"].ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"{Place} is not of the version 1.0, or has no list of policies");
        }

        _statements = [.. members["trustPolicies"].EnumerateArray().Select(s => new NotaryStatement(StrictJson.Members(s, Place)))];
        var scopes = _statements.SelectMany(s => s.Scopes).ToList();
        if (_statements.Count == 0 || scopes.Distinct(StringComparer.Ordinal).Count() != scopes.Count
            || _statements.Any(s => s.Scopes.Contains(Everything) && s.Scopes.Count > 1))
        {
            throw new FormatException($"{Place} has a scope twice, or none");
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is none; the text is a sentence without its end.</exception>
    internal static NotaryPolicy Read(byte[] content) => StrictJson.Read(content, Place, root => new NotaryPolicy(root));

    /// <summary>What holds for a repository with its registry, or null: then nothing of it is trusted.</summary>
    internal NotaryStatement? Find(string repository) =>
        _statements.FirstOrDefault(s => s.Scopes.Contains(repository)) ?? _statements.FirstOrDefault(s => s.Scopes.Contains(Everything));
}
