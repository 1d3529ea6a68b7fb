using System.Text.Json;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Signing.Bundles;

/// <summary>An entry of a transparency log, with what the log said of it.</summary>
internal sealed class LogEntry
{
    internal LogEntry(Dictionary<string, JsonElement> members)
    {
        LogId = members.NeedObject("logId").Bytes("keyId");
        Index = members.Whole("logIndex");
        var kind = members.NeedObject("kindVersion");
        Kind = kind.Text("kind");
        Version = kind.Text("version");
        Body = members.Bytes("canonicalizedBody");
        Promise = members.Object("inclusionPromise") is { } promise && promise.Bytes("signedEntryTimestamp") is { Length: > 0 } timestamp
            ? new LogPromise(Convert.ToBase64String(Body), members.Whole("integratedTime"), Hex(LogId), Index, timestamp) : null;
        Proof = members.Object("inclusionProof") is { } proof ? new InclusionProof(proof) : null;
    }

    /// <summary>SHA-256 of the log's key, by which it is found among those that are trusted.</summary>
    internal byte[] LogId { get; }

    /// <summary>Its number in the log, over all trees of it.</summary>
    internal long Index { get; }

    /// <summary>What kind it is: <c>dsse</c>.</summary>
    internal string Kind { get; }

    /// <summary>The version of that.</summary>
    internal string Version { get; }

    /// <summary>The entry itself, JSON.</summary>
    internal byte[] Body { get; }

    /// <summary>The log's word that it takes the entry, with the time; null where it gave none.</summary>
    internal LogPromise? Promise { get; }

    /// <summary>The proof that it is in the log; null where there is none.</summary>
    internal InclusionProof? Proof { get; }

    private static string Hex(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", string.Empty).ToLowerInvariant();
}
