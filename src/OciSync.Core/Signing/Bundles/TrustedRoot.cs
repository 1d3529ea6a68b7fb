using System.Text.Json;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Bundles;

/// <summary>Whom keyless signatures rest on: authorities and logs with their times (sigstore/protobuf-specs, <c>trusted_root.json</c>).</summary>
internal sealed class TrustedRoot
{
    private const string Place = "the trusted root";
    private const int Most = 64;

    private static readonly string[] Types =
        ["application/vnd.dev.sigstore.trustedroot+json;version=0.1", "application/vnd.dev.sigstore.trustedroot.v0.2+json"];

    private TrustedRoot(Dictionary<string, JsonElement> members)
    {
        var type = members.Text("mediaType");
        if (!Types.Contains(type))
        {
            throw new FormatException($"it is no trusted root: its media type is '{Printable.Text(type)}'");
        }

        Logs = [.. members.Objects("tlogs", Most).Select(l => new TrustedLog(l))];
        CertificateLogs = [.. members.Objects("ctlogs", Most).Select(l => new TrustedLog(l))];
        Authorities = [.. members.Objects("certificateAuthorities", Most).Select(a => new TrustedAuthority(a))];
        TimestampAuthorities = [.. members.Objects("timestampAuthorities", Most).Select(a => new TrustedAuthority(a))];
    }

    /// <summary>Logs of signatures.</summary>
    internal IReadOnlyList<TrustedLog> Logs { get; }

    /// <summary>Logs of certificates.</summary>
    internal IReadOnlyList<TrustedLog> CertificateLogs { get; }

    /// <summary>Those who give certificates to signers.</summary>
    internal IReadOnlyList<TrustedAuthority> Authorities { get; }

    /// <summary>Those who say when a signature was there.</summary>
    internal IReadOnlyList<TrustedAuthority> TimestampAuthorities { get; }

    /// <summary>Reads <c>trusted_root.json</c>.</summary>
    /// <exception cref="FormatException">It is something else; the text is a sentence without its end.</exception>
    internal static TrustedRoot Read(byte[] content) => StrictJson.Read(content, Place, root => new TrustedRoot(StrictJson.Members(root, Place)));
}
