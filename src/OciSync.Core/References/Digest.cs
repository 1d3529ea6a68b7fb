using System.Security.Cryptography;
using OciSync.Core.Text;

namespace OciSync.Core.References;

/// <summary>A content digest, <c>algorithm:hex</c> (image-spec 1.1, descriptor, "Digests"). sha256 and sha512 are known.</summary>
public sealed record Digest
{
    // One text for each digest, whoever shows it: a run of many tags has several rows of each, and each names it more than once.
    private readonly string _text;

    private Digest(string algorithm, string text)
    {
        Algorithm = algorithm;
        _text = text;
    }

    /// <summary><c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The lower-case hexadecimal digits.</summary>
    public string Hex => _text.Substring(Algorithm.Length + 1);

    /// <summary>Reads a digest. <exception cref="FormatException">The text is no digest we can verify.</exception></summary>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest, out var fault) ? digest!
            : throw new FormatException($"'{Printable.Text(text)}' is not a digest: {fault}.");

    /// <summary>Reads a digest; on failure <paramref name="fault"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, out Digest? digest, out string? fault)
    {
        digest = null;
        fault = FindFault(text ?? string.Empty);
        if (fault is null)
        {
            digest = new Digest(text!.StartsWith("sha256:", StringComparison.Ordinal) ? "sha256" : "sha512", text);
        }

        return fault is null;
    }

    /// <summary>The sha256 digest of <paramref name="content"/>.</summary>
    public static Digest Of(byte[] content) => Of(content, "sha256");

    /// <summary>
    /// The digest of <paramref name="content"/> by the named algorithm.
    /// <exception cref="ArgumentException">It is neither sha256 nor sha512.</exception>
    /// </summary>
    public static Digest Of(byte[] content, string algorithm)
    {
        using var hash = CreateHash(algorithm);
        hash.AppendData(content);
        return FromHash(algorithm, hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(Digest? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    internal static Digest FromHash(string algorithm, byte[] hash) =>
        new(algorithm, algorithm + ":" + BitConverter.ToString(hash).Replace("-", string.Empty).ToLowerInvariant());

    internal IncrementalHash CreateHash() => CreateHash(Algorithm);

    private static IncrementalHash CreateHash(string algorithm) => IncrementalHash.CreateHash(algorithm switch
    {
        "sha256" => HashAlgorithmName.SHA256,
        "sha512" => HashAlgorithmName.SHA512,
        _ => throw new ArgumentException($"The algorithm '{algorithm}' is not supported.", nameof(algorithm)),
    });

    private static string? FindFault(string text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0)
        {
            return "it should look like sha256:<64 hexadecimal digits>";
        }

        var algorithm = text.Substring(0, colon);
        var expected = algorithm switch { "sha256" => 64, "sha512" => 128, _ => 0 };
        if (expected == 0)
        {
            return $"the algorithm '{Printable.Text(algorithm)}' is not supported (sha256 and sha512 are)";
        }

        var length = text.Length - colon - 1;
        if (length != expected)
        {
            return $"{algorithm} needs {expected} hexadecimal digits and this has {length}";
        }

        for (var i = colon + 1; i < text.Length; i++)
        {
            if (text[i] is not (>= '0' and <= '9' or >= 'a' and <= 'f'))
            {
                return $"'{Printable.Character(text, i)}' at position {i + 1} is not a lower-case hexadecimal digit";
            }
        }

        return null;
    }
}
