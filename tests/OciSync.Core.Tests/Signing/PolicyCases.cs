using System.Text;
using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing;

/// <summary>The policies of tests/data: what each says of an image, in a folder with the files that they name.</summary>
internal sealed class PolicyCases : IDisposable
{
    internal const string Registry = "127.0.0.1:5000";

    private static readonly string[] KeyFiles =
    [
        "anna.gpg", "anna.asc", "ben.gpg", "cleo.gpg", "both.gpg", "both.asc", "notes.txt", "one.pub", "two.pub", "three.pub",
    ];

    private readonly string _registry;

    internal PolicyCases(string registry = Registry)
    {
        _registry = registry;
        foreach (var file in KeyFiles)
        {
            File.WriteAllBytes(
                Folder[file],
                file.EndsWith(".gpg", StringComparison.Ordinal) ? PublicKey.Binary
                    : file.EndsWith(".asc", StringComparison.Ordinal) ? PublicKey.Armoured
                    : Encoding.UTF8.GetBytes("a key"));
        }
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
        return OciPolicy.Open(Folder["policy.json"], Folder.Path);
    }

    internal OciPolicyCheck Check(string policy, string image) => Open(policy).Check(ImageLocation.Parse(image));

    public void Dispose() => Folder.Dispose();

    private string Fill(string text, string digest) => text
        .Replace("{registry}", _registry, StringComparison.Ordinal)
        .Replace("{host}", _registry.Split(':')[0], StringComparison.Ordinal)
        .Replace("{port}", _registry.Split(':')[1], StringComparison.Ordinal)
        .Replace("{digest}", digest, StringComparison.Ordinal)
        .Replace("{bom}", "\ufeff", StringComparison.Ordinal)
        .Replace("{key}", PublicKey.Base64, StringComparison.Ordinal)
        .Replace("{armoured}", Convert.ToBase64String(PublicKey.Armoured), StringComparison.Ordinal)
        .Replace("{folder}", Folder.Path, StringComparison.Ordinal);

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(PolicyCases).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
