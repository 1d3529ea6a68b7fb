namespace OciSync.Core.Tests.Interop;

/// <summary>One cell of the tables in docs/signatures.md: who signed what, and who judges.</summary>
/// <param name="Maker">Who signs.</param>
/// <param name="What">Form, and kind of key.</param>
/// <param name="Judge">Who checks.</param>
internal sealed record InteropCase(string Maker, string What, string Judge)
{
    internal const string Us = "OciSync";
    internal const string OldSkopeo = "skopeo 1.9";
    internal const string Skopeo = "skopeo 1.18";
    internal const string Cosign = "cosign 2";
    internal const string NewCosign = "cosign 3";
    internal const string Gpg = "gpg";

    internal static readonly string[] Judges = [Us, OldSkopeo, Skopeo, Cosign, NewCosign, Gpg];

    /// <summary>What OciSync makes, and who can read each.</summary>
    internal static readonly (string What, string[] Judges)[] Ours =
    [
        ("attachment, P-256", [Us, Skopeo, Cosign, NewCosign]),
        ("bundle, P-256", [Us, NewCosign]),
        ("OpenPGP, RSA in a file", [Us, OldSkopeo, Skopeo, Gpg]),
        ("OpenPGP, Ed25519 in a file", [Us, OldSkopeo, Skopeo, Gpg]),
        ("OpenPGP, P-256 in a file", [Us, OldSkopeo, Skopeo, Gpg]),
        ("OpenPGP, RSA by gpg", [Us, OldSkopeo, Skopeo, Gpg]),
        ("OpenPGP, Ed25519 by gpg", [Us, OldSkopeo, Skopeo, Gpg]),
    ];

    /// <summary>What others make, with keys of their own or with OciSync's key file.</summary>
    internal static readonly (string Maker, string What)[] Theirs =
    [
        (OldSkopeo, "OpenPGP, RSA"), (OldSkopeo, "OpenPGP, Ed25519"), (OldSkopeo, "OpenPGP, P-256"),
        (Skopeo, "OpenPGP, RSA"), (Skopeo, "attachment, OciSync's key file"), (Skopeo, "attachment, its own key file"),
        (Cosign, "attachment, OciSync's key file"), (Cosign, "attachment, its own key file"),
        (NewCosign, "bundle, OciSync's key file"),
    ];

    internal static IEnumerable<InteropCase> All() =>
        Ours.SelectMany(o => o.Judges.Select(j => new InteropCase(Us, o.What, j))).Concat(Theirs.Select(t => new InteropCase(t.Maker, t.What, Us)));

    /// <inheritdoc/>
    public override string ToString() => $"{What} by {Maker}, checked by {Judge}";
}
