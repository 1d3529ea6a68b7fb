using System.Text.Json;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Bundles;

/// <summary>The way from an entry up to the root of a log's tree (RFC 6962, 2.1.1), and the log's signature over that root.</summary>
internal sealed class InclusionProof
{
    private const int MostHashes = 64;
    private const int HashLength = 32;

    private readonly long _index;
    private readonly long _size;
    private readonly byte[] _root;
    private readonly IReadOnlyList<byte[]> _hashes;
    private readonly Checkpoint _checkpoint;

    internal InclusionProof(Dictionary<string, JsonElement> members)
    {
        _index = members.Whole("logIndex");
        _size = members.Whole("treeSize");
        _root = members.Bytes("rootHash");
        _hashes = [.. members.Items("hashes", MostHashes).Select(h => StrictJson.Bytes(h, "hashes"))];
        _checkpoint = Checkpoint.Read(members.NeedObject("checkpoint").Text("envelope"));
    }

    /// <summary>Why it proves nothing of an entry, as a sentence without its end; null where it does.</summary>
    internal string? FindFault(byte[] body, PublicKey log) =>
        _index >= _size || _root.Length != HashLength ? "the proof of inclusion is none"
        : FindRoot(body) is not { } root || !root.AsSpan().SequenceEqual(_root) ? "the proof of inclusion does not lead from the entry to its root"
        : _checkpoint.TreeSize != _size || !_checkpoint.Root.AsSpan().SequenceEqual(_root)
            ? "the log's checkpoint is of another tree than the proof of inclusion"
        : !_checkpoint.IsBy(log) ? "the log's checkpoint is not signed by the log, or was changed" : null;

    // RFC 9162, 2.1.3.2; null where there are more or fewer hashes than there are steps.
    private byte[]? FindRoot(byte[] body)
    {
        var hash = SignatureCheck.Sha256([0, .. body]);
        var (number, last) = (_index, _size - 1);
        foreach (var next in _hashes)
        {
            if (last == 0 || next.Length != HashLength)
            {
                return null;
            }

            if ((number & 1) == 1 || number == last)
            {
                hash = SignatureCheck.Sha256([1, .. next, .. hash]);
                while (number != 0 && (number & 1) == 0)
                {
                    (number, last) = (number >> 1, last >> 1);
                }
            }
            else
            {
                hash = SignatureCheck.Sha256([1, .. hash, .. next]);
            }

            (number, last) = (number >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }
}
