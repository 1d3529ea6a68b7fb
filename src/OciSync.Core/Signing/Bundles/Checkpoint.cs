using System.Globalization;
using System.Text;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Bundles;

/// <summary>A log's signed note on its tree: name, size, root, and signatures below an empty line (C2SP, "tlog-checkpoint", "signed-note").</summary>
internal sealed class Checkpoint
{
    private const string Place = "the log's checkpoint";
    private const string SignatureMark = "\u2014 ";
    private const int HintLength = 4;
    private const int MostSignatures = 16;

    private readonly byte[] _note;
    private readonly IReadOnlyList<byte[]> _signatures;

    private Checkpoint(string note, IReadOnlyList<byte[]> signatures)
    {
        _note = Encoding.UTF8.GetBytes(note);
        _signatures = signatures;
        var lines = note.Split('\n');
        TreeSize = lines.Length > 3 && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size : throw new FormatException($"{Place} does not say the size of its tree");
        Root = StrictJson.Base64(lines[2], Place + "'s root");
    }

    /// <summary>How many entries the tree has.</summary>
    internal long TreeSize { get; }

    /// <summary>The hash at its top.</summary>
    internal byte[] Root { get; }

    /// <exception cref="FormatException">It is something else.</exception>
    internal static Checkpoint Read(string envelope)
    {
        var end = envelope.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = end < 0 ? [] : envelope.Substring(end + 2).Split('\n').Where(l => l.Length > 0).ToList();
        return lines.Count is 0 or > MostSignatures || !lines.TrueForAll(l => l.StartsWith(SignatureMark, StringComparison.Ordinal))
            ? throw new FormatException($"{Place} is no signed note")
            : new Checkpoint(envelope.Substring(0, end + 1), [.. lines.Select(l => StrictJson.Base64(l.Substring(l.LastIndexOf(' ') + 1), Place))]);
    }

    /// <summary>Whether one of its signatures is the log's; each begins with four bytes that tell whose it may be.</summary>
    internal bool IsBy(PublicKey log) => _signatures.Any(s => s.Length > HintLength && log.IsByLog(_note, [.. s.Skip(HintLength)]));
}
