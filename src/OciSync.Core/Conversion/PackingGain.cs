namespace OciSync.Core.Conversion;

/// <summary>
/// Whether gzip is likely to make a block smaller, by what gzip lives on: bytes of which some are more frequent than others, and such as came shortly before.
/// What was packed before, a picture or noise has neither. Pieces of the block are looked at and none is packed, which takes a tenth of the time.
/// </summary>
internal sealed class PackingGain
{
    private const int Pieces = 4;
    private const int PieceSize = 4 * 1024;
    private const int Looked = Pieces * PieceSize;

    // Of 16384 bytes that are random the sum of the squares over what is expected is 255, give or take 23. Codes of whole bits that are a hundredth shorter
    // than a byte need some 1800 more.
    private const long EvenEnough = 255 + 900;

    // So many positions, of those looked at, where the same three bytes came before in their piece.
    private const int FewRepeats = Looked / 200;

    private const int HashBits = 12;

    private readonly int[] _frequencies = new int[256];
    private readonly ushort[] _seen = new ushort[1 << HashBits];

    /// <summary>A function of the content and of nothing else.</summary>
    internal bool IsLikely(byte[] block, int count)
    {
        if (count < 2 * Looked)
        {
            return true;
        }

        Array.Clear(_frequencies, 0, _frequencies.Length);
        var repeats = 0;
        for (var i = 0; i < Pieces; i++)
        {
            repeats += Look(block, (int)((long)(count - PieceSize) * i / (Pieces - 1)));
        }

        long squares = 0;
        foreach (var frequency in _frequencies)
        {
            squares += (long)frequency * frequency;
        }

        return repeats >= FewRepeats || (squares * _frequencies.Length / Looked) - Looked > EvenEnough;
    }

    // Counts the bytes of a piece, and the positions whose four bytes were there before, by their hash.
    private int Look(byte[] block, int start)
    {
        Array.Clear(_seen, 0, _seen.Length);
        var repeats = 0;
        uint last = 0;
        for (var i = start; i < start + PieceSize; i++)
        {
            _frequencies[block[i]]++;
            last = (last << 8) | block[i];
            var hash = last * 2654435761;
            ref var seen = ref _seen[hash >> (32 - HashBits)];
            if (seen == (ushort)hash)
            {
                repeats++;
            }

            seen = (ushort)hash;
        }

        return repeats;
    }
}
