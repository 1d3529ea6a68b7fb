using System.Text;
using System.Text.Json;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Sigstore;

/// <summary>
/// What a Rekor log said of a signature when it took it: its entry, when that was, and its own signature over both (the annotation
/// <c>dev.sigstore.cosign/bundle</c>, cosign's <c>RekorBundle</c>).
/// </summary>
internal sealed class LogPromise
{
    private const string Place = "the log's entry";

    // Larger numbers are written in another way by the canonical form (RFC 8785), and are no times.
    private const long MostWhole = 1L << 53;

    private readonly byte[] _signedTimestamp;
    private readonly byte[] _signed;

    /// <param name="body">The entry, base64.</param>
    /// <param name="time">When the log took it, in seconds since 1970.</param>
    /// <param name="logId">SHA-256 of the log's key, hexadecimal digits.</param>
    /// <param name="index">The number of the entry.</param>
    /// <param name="signedTimestamp">The log's signature.</param>
    /// <exception cref="FormatException">The entry is not base64, or the time is none.</exception>
    internal LogPromise(string body, long time, string logId, long index, byte[] signedTimestamp)
    {
        _signedTimestamp = signedTimestamp;
        Body = StrictJson.Base64(body, Place + "'s body");
        IntegratedTime = time >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && time <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(time) : throw new FormatException($"{Place}'s integratedTime is no time");
        _signed = Encoding.ASCII.GetBytes($$"""{"body":"{{body}}","integratedTime":{{time}},"logID":"{{logId}}","logIndex":{{index}}}""");
    }

    /// <summary>The entry, JSON.</summary>
    internal byte[] Body { get; }

    /// <summary>When the log took it.</summary>
    internal DateTimeOffset IntegratedTime { get; }

    /// <summary>Reads the annotation.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static LogPromise Read(string annotation) => StrictJson.Read(Encoding.UTF8.GetBytes(annotation), Place, Read);

    /// <summary>Whether a log signed it.</summary>
    internal bool IsBy(PublicKey log) => log.IsByLog(_signed, _signedTimestamp);

    private static LogPromise Read(JsonElement root)
    {
        var outer = StrictJson.Exactly(root, Place, "SignedEntryTimestamp", "Payload");
        var payload = StrictJson.Exactly(outer["Payload"], Place + "'s Payload", "body", "integratedTime", "logIndex", "logID");
        return new LogPromise(
            Plain(payload["body"], "body"),
            Whole(payload["integratedTime"], "integratedTime"),
            Plain(payload["logID"], "logID"),
            Whole(payload["logIndex"], "logIndex"),
            StrictJson.Bytes(outer["SignedEntryTimestamp"], Place + "'s SignedEntryTimestamp"));
    }

    private static long Whole(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is > -MostWhole and < MostWhole
            ? number : throw new FormatException($"{Place}'s {name} is no whole number");

    // What has to be escaped stands in no log id and in no base64: so there is one way to write it.
    private static string Plain(JsonElement value, string name) =>
        StrictJson.Text(value, $"{Place}'s {name}") is var text && text.All(c => c is >= ' ' and < '\x7F' and not '"' and not '\\')
            ? text : throw new FormatException($"{Place}'s {name} has characters that do not belong there");
}
