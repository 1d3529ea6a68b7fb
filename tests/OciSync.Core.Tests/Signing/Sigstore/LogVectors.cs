using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>Signatures by a key for which a log has to vouch.</summary>
internal static class LogVectors
{
    internal static byte[] LogKey => Encoding.UTF8.GetBytes(SigstoreMaker.Log.ExportSubjectPublicKeyInfoPem());

    internal static IEnumerable<SigstoreVector> All =>
    [
        Make("a log", m => m.WithLog(), null),
        Make("no log", m => m, "dev.sigstore.cosign/bundle is missing"),
        Make("another log", m => m.WithLog(log: ECDsa.Create(ECCurve.NamedCurves.nistP256)), "signed by none of the logs"),
        Make("the entry is of another key", m => m.WithLog(new SigstoreMaker(ECDsa.Create()).PublicKey), "is of another key"),
        Make("the entry is of another signature", m => m.WithLog(entry: b => Spec(b)["signature"]!["content"] = "AAAA"), "another signature"),
        Make("the entry is of another payload", m => m.WithLog(entry: b => Hash(b)["value"] = new string('0', 64)), "another payload"),
        Make("another hash", m => m.WithLog(entry: b => Hash(b)["algorithm"] = "sha512"), "algorithm of the log's entry is 'sha512'"),
        Make("another kind of entry", m => m.WithLog(entry: b => b["kind"] = "rekord"), "kind of the log's entry is 'rekord'"),
        Make("another version of entry", m => m.WithLog(entry: b => b["apiVersion"] = "0.0.2"), "apiVersion of the log's entry is '0.0.2'"),
        Make("no version", m => m.WithLog(entry: b => b.Remove("apiVersion")), "lacks the key apiVersion"),
        Make("no hash", m => m.WithLog(entry: b => Spec(b).Remove("data")), "lacks the key data"),
        Make("no key in the entry", m => m.WithLog(entry: b => Spec(b)["signature"]!.AsObject().Remove("publicKey")), "lacks the key publicKey"),
        Make("more after the key", m => m.WithLog(m.PublicKey + "\n"), "is not one PEM block"),
        Make("no PEM in the entry", m => m.WithLog("key"), "is not one PEM block"),
        Make("changed time", m => m.WithLog(promise: p => p["Payload"]!["integratedTime"] = 1_714_565_999), "signed by none of the logs"),
        Make("changed index", m => m.WithLog(promise: p => p["Payload"]!["logIndex"] = 18), "signed by none of the logs"),
        Make("changed log id", m => m.WithLog(promise: p => p["Payload"]!["logID"] = "00"), "signed by none of the logs"),
        Make("changed entry", m => m.WithLog(promise: p => p["Payload"]!["body"] = "e30="), "signed by none of the logs"),
        Make("a member more", m => m.WithLog(promise: p => p["Payload"]!["more"] = 1), "unknown key 'more'"),
        Make("a member less", m => m.WithLog(promise: p => p["Payload"]!.AsObject().Remove("logID")), "lacks the key logID"),
        Make("a member beside", m => m.WithLog(promise: p => p["payload"] = 1), "unknown key 'payload'"),
        Make("time as a text", m => m.WithLog(promise: p => p["Payload"]!["integratedTime"] = "1"), "is no whole number"),
        Make("no JSON", m => m.With(SigstoreAnnotations.Bundle, "{"), "is not JSON"),
        Make("empty", m => m.With(SigstoreAnnotations.Bundle, string.Empty), "is not JSON"),
        Make("a key twice", Doubled, "has the key 'Payload' twice"),
        Second,
        OtherLog,
    ];

    // The second of two keys signed, and the log knows it.
    private static SigstoreVector Second
    {
        get
        {
            var good = Make("the log knows one of two keys", m => m.WithLog(), null);
            return good with { Trust = good.Trust with { Keys = [Encoding.UTF8.GetBytes(new SigstoreMaker(ECDsa.Create()).PublicKey), .. good.Trust.Keys!] } };
        }
    }

    private static SigstoreVector OtherLog
    {
        get
        {
            var good = Make("one of two logs", m => m.WithLog(), null);
            return good with { Trust = good.Trust with { RekorKeys = [Encoding.UTF8.GetBytes(new SigstoreMaker(ECDsa.Create()).PublicKey), LogKey] } };
        }
    }

    private static SigstoreMaker Doubled(SigstoreMaker maker)
    {
        var text = maker.WithLog().Found().Annotations[SigstoreAnnotations.Bundle];
        return maker.With(SigstoreAnnotations.Bundle, text[..^1] + ",\"Payload\":{}}");
    }

    private static JsonObject Spec(JsonObject body) => body["spec"]!.AsObject();

    private static JsonObject Hash(JsonObject body) => Spec(body)["data"]!["hash"]!.AsObject();

    private static SigstoreVector Make(string name, Func<SigstoreMaker, SigstoreMaker> change, string? refusal)
    {
        var maker = change(new SigstoreMaker());
        return new("log: " + name, maker.Found(), KeyVectors.ByKeys(maker.PublicKey) with { RekorKeys = [LogKey] }, refusal);
    }
}
