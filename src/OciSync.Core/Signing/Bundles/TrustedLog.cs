using System.Text.Json;
using OciSync.Core.Signing.Cryptography;

namespace OciSync.Core.Signing.Bundles;

/// <summary>A log that is trusted for a time.</summary>
internal sealed class TrustedLog
{
    private readonly TrustedTime _time;

    internal TrustedLog(Dictionary<string, JsonElement> members)
    {
        var key = members.NeedObject("publicKey");
        Key = PublicKey.Read(key.Bytes("rawBytes"));
        Id = members.NeedObject("logId").Bytes("keyId");
        _time = new TrustedTime(key);
    }

    /// <summary>Its key.</summary>
    internal PublicKey Key { get; }

    /// <summary>The name that its entries have.</summary>
    internal byte[] Id { get; }

    /// <summary>Whether it is trusted at that moment.</summary>
    internal bool IsTrustedAt(DateTimeOffset moment) => _time.Has(moment);
}
