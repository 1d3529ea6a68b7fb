using System.Globalization;
using System.Text;
using OciSync.Core.Errors;

namespace OciSync.Core.Requests;

/// <summary>One of several equal parts of the work, such as 2/8. Which part a name belongs to is the same in every process and version.</summary>
public sealed record Shard
{
    private const int MostParts = 10_000;

    private Shard(int number, int count)
    {
        Number = number;
        Count = count;
    }

    /// <summary>Which part, from 1.</summary>
    public int Number { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>Reads <c>2/8</c>.</summary>
    /// <exception cref="OciException">It is something else (<see cref="OciErrorKind.ChoiceInvalid"/>).</exception>
    public static Shard Parse(string text)
    {
        var parts = (text ?? string.Empty).Split('/');
        return parts.Length == 2 && Read(parts[0]) is { } number && Read(parts[1]) is { } count && number >= 1 && number <= count && count <= MostParts
            ? new Shard(number, count)
            : throw new OciException(
                OciErrorKind.ChoiceInvalid,
                $"-Shard '{text}' is no part: write 1/8 to 8/8 for eight parts. (A number that begins with 0, such as a job's index, needs 1 added.)");
    }

    /// <summary>Whether a name belongs to this part.</summary>
    public bool Contains(string name) => Hash(name) % (ulong)Count == (ulong)(Number - 1);

    /// <inheritdoc/>
    public override string ToString() => $"{Number}/{Count}";

    private static int? Read(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // FNV-1a with the finish of MurmurHash3, so that names which differ in one digit are spread too. It must never change.
    private static ulong Hash(string name)
    {
        unchecked
        {
            var hash = 14695981039346656037UL;
            foreach (var octet in Encoding.UTF8.GetBytes(name))
            {
                hash = (hash ^ octet) * 1099511628211UL;
            }

            hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
            hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
            return hash ^ (hash >> 33);
        }
    }
}
