using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Notary;

/// <summary>What a signature of the Notary Project is of (Notary Project, "Payload").</summary>
internal static class NotaryTarget
{
    private const string Content = "its content";
    private const string Target = "targetArtifact";

    /// <summary>The digest of the manifest, as written.</summary>
    /// <exception cref="FormatException">The content is something else.</exception>
    internal static string Read(byte[] payload) => StrictJson.Read(payload, Content, root =>
        StrictJson.Text(StrictJson.Members(StrictJson.Members(root, Content).Need(Target, Content), Target).Need("digest", Target), "digest"));
}
