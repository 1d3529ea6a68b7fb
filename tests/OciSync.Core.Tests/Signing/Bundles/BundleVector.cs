using OciSync.Core.Tests.Signing.Sigstore;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>A bundle, whom it rests on, and what has to be said of it.</summary>
/// <param name="Name">What is special.</param>
/// <param name="Bundle">The bundle.</param>
/// <param name="Root">The trusted root.</param>
/// <param name="Refusal">A part of the reason; null where the signature holds.</param>
internal sealed record BundleVector(string Name, byte[] Bundle, byte[] Root, string? Refusal)
{
    internal bool IsUnsupported { get; init; }

    internal string Identity { get; init; } = SigstoreMaker.Email;

    internal string Issuer { get; init; } = SigstoreMaker.Issuer;

    internal string Image { get; init; } = ContentDigest.Of(SigstoreMaker.Manifest);

    /// <summary>We are stricter than cosign: why.</summary>
    internal string? Stricter { get; init; }
}
