using OciSync.Core.Errors;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>Signatures as they are read from a place that may be anybody's: so many, and so much, and no more.</summary>
/// <param name="fault">The kind of the failure when the place has something else.</param>
internal sealed class SignatureList(OciErrorKind fault)
{
    /// <summary>Of one manifest in one place; as many as skopeo takes.</summary>
    internal const int MostSignatures = 128;

    private const int MostBytes = 16 * 1024 * 1024;

    private readonly List<FoundSignature> _signatures = [];
    private long _bytes;

    internal IReadOnlyList<FoundSignature> Signatures => _signatures;

    /// <summary>The number of the next one, from 1.</summary>
    internal int Next => _signatures.Count + 1;

    /// <summary>Takes the content of a file.</summary>
    /// <exception cref="OciException">It is none, or one too many.</exception>
    internal void Add(byte[] content, string place)
    {
        try
        {
            Add(SignatureFile.Read(content, place));
        }
        catch (FormatException e)
        {
            throw new OciException(fault, $"'{place}' is no signature: {e.Message}.", e);
        }
    }

    /// <exception cref="OciException">It is one too many.</exception>
    internal void Add(FoundSignature signature)
    {
        _bytes += signature.Content.Length;
        if (Next > MostSignatures || _bytes > MostBytes)
        {
            throw new OciException(
                fault, $"'{signature.Place}' is one signature too many: at most {MostSignatures} with {MostBytes / 1024 / 1024} MiB are read of one image.");
        }

        _signatures.Add(signature);
    }
}
