using System.Text.Json;
using OciSync.Core.Signing.Cryptography;

namespace OciSync.Core.Signing.Bundles;

/// <summary>An authority that is trusted for a time: its root, and the certificates between it and those that it gives out.</summary>
internal sealed class TrustedAuthority
{
    private const int Most = 16;

    private readonly TrustedTime _time;

    internal TrustedAuthority(Dictionary<string, JsonElement> members)
    {
        var certificates = members.NeedObject("certChain").Objects("certificates", Most).Select(c => Certificate.Read(c.Bytes("rawBytes"))).ToList();
        Root = certificates.LastOrDefault() ?? throw new FormatException("an authority has no certificate");
        Between = certificates.GetRange(0, certificates.Count - 1);
        _time = new TrustedTime(members);
    }

    /// <summary>What is trusted.</summary>
    internal Certificate Root { get; }

    /// <summary>What may stand below it.</summary>
    internal IReadOnlyList<Certificate> Between { get; }

    /// <summary>Whether it is trusted at that moment.</summary>
    internal bool IsTrustedAt(DateTimeOffset moment) => _time.Has(moment);
}
