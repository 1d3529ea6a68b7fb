using OciSync.Core.Text;

namespace OciSync.Core.Checking;

/// <summary>Whether an image is whole where it lies. Every property survives CSV, JSON and Clixml.</summary>
public sealed class OciImageCheck
{
    /// <summary>The image.</summary>
    public string Reference { get; internal init; } = string.Empty;

    /// <summary>
    /// Whole; Partial: what is missing here the baseline has; Sparse: some manifests of its index are missing, as -KeepIndex leaves it, and
    /// those that are there are whole; Broken: something is missing or wrong; Unknown: it could not be checked.
    /// </summary>
    public string Status { get; internal init; } = string.Empty;

    /// <summary>The digest of its manifest or index.</summary>
    public string? Digest { get; internal init; }

    /// <summary>What was done: Hash (every byte was read and hashed) or Head (the registry was asked for each blob).</summary>
    public string Method { get; internal init; } = string.Empty;

    /// <summary>Manifests that were read and hashed, indexes among them.</summary>
    public int Manifests { get; internal init; }

    /// <summary>Blobs that its manifests name, each once.</summary>
    public int Blobs { get; internal init; }

    /// <summary>The bytes of these blobs.</summary>
    public long Bytes { get; internal init; }

    /// <summary>What is missing or wrong, one line each.</summary>
    public TextList<string> Fault { get; internal init; } = [];

    /// <summary>The digests of blobs that are not here because the baseline has them.</summary>
    public TextList<string> Expected { get; internal init; } = [];

    /// <summary>The stable id of the failure, or null.</summary>
    public string? ErrorId { get; internal init; }

    /// <summary>The failure in words, or null.</summary>
    public string? Error { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reference} {Status}";
}
