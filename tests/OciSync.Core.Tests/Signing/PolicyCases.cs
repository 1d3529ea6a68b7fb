using System.Text.RegularExpressions;
using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing;

/// <summary>The policies of tests/data: what each says of an image, in a folder with the files that they name.</summary>
internal sealed class PolicyCases : IDisposable
{
    internal const string Registry = "127.0.0.1:5000";

    private static readonly Regex Data = new(@"\{data:([a-z.]+)\}");

    private readonly string _registry;

    internal PolicyCases(string registry = Registry)
    {
        _registry = registry;
        foreach (var line in Read("policy-keys").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Trim().Split(' ')))
        {
            File.WriteAllBytes(Folder[line[0]], Convert.FromBase64String(line[1]));
        }

        Complete();
    }

    /// <summary>Writes the files that are made of the keys that are there: two together, and in armour.</summary>
    internal void Complete()
    {
        var (anna, ben) = (File.ReadAllBytes(Folder["anna.gpg"]), File.ReadAllBytes(Folder["ben.gpg"]));
        File.WriteAllBytes(Folder["both.gpg"], [.. anna, .. ben]);
        File.WriteAllText(Folder["anna.asc"], Armour(anna));
        File.WriteAllText(Folder["both.asc"], Armour(anna) + Armour(ben));
        File.WriteAllText(Folder["notes.txt"], "no key");
    }

    internal TempFolder Folder { get; } = new();

    /// <summary>Name, image, policy and answer of each.</summary>
    internal static IReadOnlyList<string[]> All { get; } = [.. Read("policies").Replace("\r", "", StringComparison.Ordinal).Split("\n\n").Skip(1)
        .Select(c => c.Trim('\n').Split('\n'))];

    /// <summary>Whether it is valid, and the policy.</summary>
    internal static IReadOnlyList<(bool IsValid, string Policy)> Details { get; } = [.. Read("policy-details")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1).Select(l => l.Trim('\r').Split(' ', 2)).Select(l => (l[0] == "valid", l[1]))];

    internal static IEnumerable<string> Names(bool isValid) =>
        All.Where(c => c[3].StartsWith("invalid", StringComparison.Ordinal) != isValid).Select(c => c[0]);

    /// <summary>The case with the test's own registry and folder in it.</summary>
    internal (string Image, string Policy, string Answer) Find(string name, string? digest = null)
    {
        var found = All.Single(c => c[0] == name).Select(t => Fill(t, digest ?? "sha256:" + new string('0', 64))).ToList();
        return (found[1], found[2], found[3]);
    }

    internal OciPolicy Open(string policy)
    {
        File.WriteAllText(Folder["policy.json"], policy);
        return OciPolicy.Open(Folder["policy.json"]);
    }

    internal OciPolicyCheck Check(string policy, string image) => Open(policy).Check(ImageLocation.Parse(image));

    public void Dispose() => Folder.Dispose();

    // RFC 9580, section 6.2; the checksum may be left out.
    private static string Armour(byte[] key) =>
        $"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{Convert.ToBase64String(key, Base64FormattingOptions.InsertLineBreaks)}\n"
        + "-----END PGP PUBLIC KEY BLOCK-----\n";

    private string Fill(string text, string digest) => Data.Replace(text, m => Convert.ToBase64String(File.ReadAllBytes(Folder[m.Groups[1].Value])))
        .Replace("{registry}", _registry, StringComparison.Ordinal)
        .Replace("{host}", _registry.Split(':')[0], StringComparison.Ordinal)
        .Replace("{port}", _registry.Split(':')[1], StringComparison.Ordinal)
        .Replace("{digest}", digest, StringComparison.Ordinal)
        .Replace("{bom}", "\ufeff", StringComparison.Ordinal)
        .Replace("{folder}", Folder.Path, StringComparison.Ordinal);

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(PolicyCases).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
