using System.Text.Json;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Notary;

/// <summary>What a trust policy says of some repositories: how strictly they are checked, and whose signatures count.</summary>
internal sealed class NotaryStatement
{
    private const int Most = 1000;
    private const string Everybody = "*";
    private const string SubjectPrefix = "x509.subject:";

    private static readonly Dictionary<string, NotaryAction[]> Levels = new(StringComparer.Ordinal)
    {
        ["strict"] = [NotaryAction.Enforce, NotaryAction.Enforce, NotaryAction.Enforce, NotaryAction.Enforce, NotaryAction.Enforce],
        ["permissive"] = [NotaryAction.Enforce, NotaryAction.Enforce, NotaryAction.Log, NotaryAction.Log, NotaryAction.Log],
        ["audit"] = [NotaryAction.Enforce, NotaryAction.Log, NotaryAction.Log, NotaryAction.Log, NotaryAction.Log],
        ["skip"] = [NotaryAction.Skip, NotaryAction.Skip, NotaryAction.Skip, NotaryAction.Skip, NotaryAction.Skip],
    };

    private static readonly Dictionary<string, NotaryCheck> Overridable = new(StringComparer.Ordinal)
    {
        ["authenticity"] = NotaryCheck.Authenticity,
        ["authenticTimestamp"] = NotaryCheck.AuthenticTimestamp,
        ["expiry"] = NotaryCheck.Expiry,
        ["revocation"] = NotaryCheck.Revocation,
    };

    private readonly NotaryAction[] _actions;
    private readonly IReadOnlyList<SubjectParts> _subjects;
    private readonly bool _everybody;

    internal NotaryStatement(Dictionary<string, JsonElement> members)
    {
        Name = StrictJson.Text(members.Need("name", "a trust policy"), "name");
        Scopes = Texts(members, "registryScopes");
        var verification = StrictJson.Members(members.Need("signatureVerification", Place), "signatureVerification");
        Level = StrictJson.Text(verification.Need("level", Place), "level");
        _actions = Levels.TryGetValue(Level, out var actions) ? [.. actions] : throw Fault($"the level '{Printable.Text(Level)}' is not known");
        if (verification.TryGetValue("override", out var overrides))
        {
            Override(StrictJson.Members(overrides, "override"));
        }

        (TrustStores, var identities) = (Texts(members, "trustStores"), Texts(members, "trustedIdentities"));
        _everybody = identities.Contains(Everybody);
        _subjects = [.. identities.Where(i => i != Everybody).Select(ReadSubject)];
        if (Scopes.Count == 0 || (Level != "skip" && (TrustStores.Count == 0 || identities.Count == 0)))
        {
            throw Fault("registryScopes, trustStores and trustedIdentities have to name something");
        }
    }

    /// <summary>Its name.</summary>
    internal string Name { get; }

    /// <summary>The level by its name.</summary>
    internal string Level { get; }

    /// <summary>The repositories, or <c>*</c>.</summary>
    internal IReadOnlyList<string> Scopes { get; }

    /// <summary>Where the trusted certificates are: <c>ca:NAME</c>, <c>signingAuthority:NAME</c>.</summary>
    internal IReadOnlyList<string> TrustStores { get; }

    private string Place => $"the trust policy '{Printable.Text(Name)}'";

    /// <summary>What happens when a check fails.</summary>
    internal NotaryAction ActionOf(NotaryCheck check) => _actions[(int)check];

    /// <summary>Whether a certificate is one of the trusted signers'.</summary>
    internal bool Trusts(Certificate signer) => _everybody || _subjects.Any(s => s.AreIn(signer));

    private void Override(Dictionary<string, JsonElement> overrides)
    {
        foreach (var (name, value) in overrides.Select(o => (o.Key, StrictJson.Text(o.Value, o.Key))))
        {
            if (!Overridable.TryGetValue(name, out var check) || Level == "skip")
            {
                throw Fault($"'{Printable.Text(name)}' can't be overridden");
            }

            _actions[(int)check] = value switch
            {
                "enforce" => NotaryAction.Enforce,
                "log" => NotaryAction.Log,
                "skip" => NotaryAction.Skip,
                _ => throw Fault($"'{Printable.Text(value)}' is none of enforce, log and skip"),
            };
        }
    }

    private SubjectParts ReadSubject(string identity) => identity.StartsWith(SubjectPrefix, StringComparison.Ordinal)
        ? SubjectParts.Read(identity.Substring(SubjectPrefix.Length).Trim())
        : throw Fault($"'{Printable.Text(identity)}' is neither * nor {SubjectPrefix} with a name");

    private IReadOnlyList<string> Texts(Dictionary<string, JsonElement> members, string name) =>
        !members.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null ? []
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= Most ? [.. value.EnumerateArray().Select(t => StrictJson.Text(t, name))]
        : throw Fault($"{name} is no list");

    private FormatException Fault(string fault) => new($"{Place}: {fault}");
}
