using System.Runtime.InteropServices;
using OciSync.Core.Text;

namespace OciSync.Core.References;

/// <summary>
/// A platform (image-spec 1.1, "Image Index", <c>platform</c>), written <c>os/architecture[/variant][:osversion]</c>. Names are normalized
/// as containerd does: x86_64 is amd64, aarch64 is arm64, arm64/v8 is arm64, arm is arm/v7.
/// </summary>
public sealed record Platform
{
    private Platform(string os, string architecture, string? variant, string? osVersion)
    {
        Os = os;
        Architecture = architecture;
        Variant = variant;
        OsVersion = osVersion;
    }

    /// <summary>linux, windows, …</summary>
    public string Os { get; }

    /// <summary>amd64, arm64, arm, …</summary>
    public string Architecture { get; }

    /// <summary>v6, v7, …; null where the architecture has none or it is the usual one.</summary>
    public string? Variant { get; }

    /// <summary>The operating system's version, on Windows; with PowerShell's wildcards when it is asked for.</summary>
    public string? OsVersion { get; }

    /// <summary>linux on this machine's architecture, on every operating system.</summary>
    public static Platform Default { get; } = Of("linux", RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(), null, null);

    /// <summary>Reads a platform; the version may hold wildcards.</summary>
    /// <exception cref="FormatException">The text is none; the message shows the form.</exception>
    public static Platform Parse(string text)
    {
        var trimmed = (text ?? string.Empty).Trim();
        var colon = trimmed.IndexOf(':');
        var version = colon < 0 ? null : trimmed.Substring(colon + 1);
        var parts = (colon < 0 ? trimmed : trimmed.Substring(0, colon)).Split('/');
        if (parts.Length is < 2 or > 3 || parts.Any(p => p.Length == 0 || !p.All(IsWord)) || version?.Length == 0)
        {
            throw new FormatException(
                $"'{Printable.Text(text)}' is not a platform; write os/architecture[/variant][:osversion], "
                + "such as linux/arm64 or windows/amd64:10.0.20348.*");
        }

        _ = version is null ? null : new WildcardPattern(version);

        return Of(parts[0], parts[1], parts.Length == 3 ? parts[2] : null, version);
    }

    /// <summary>
    /// Whether an image for <paramref name="candidate"/> is one for this platform. Variants must be the same, as for skopeo and containerd:
    /// linux/amd64 is not linux/amd64/v3, which an older machine can't run. An OS version not asked for doesn't count.
    /// </summary>
    public bool Matches(Platform candidate) =>
        Os == candidate.Os && Architecture == candidate.Architecture && Variant == candidate.Variant
        && (OsVersion is null || (candidate.OsVersion is { } version && new WildcardPattern(OsVersion).IsMatch(version)));

    /// <inheritdoc/>
    public override string ToString() =>
        Os + "/" + Architecture + (Variant is null ? string.Empty : "/" + Variant) + (OsVersion is null ? string.Empty : ":" + OsVersion);

    internal static Platform Of(string os, string architecture, string? variant, string? osVersion)
    {
        var (name, implied) = architecture.ToLowerInvariant() switch
        {
            "x86_64" or "x86-64" or "x64" => ("amd64", null),
            "aarch64" => ("arm64", null),
            "x86" or "i386" or "i486" or "i586" or "i686" => ("386", null),
            "armhf" => ("arm", "v7"),
            "armel" or "armv6" => ("arm", "v6"),
            "loongarch64" => ("loong64", null),
            var other => (other, (string?)null),
        };
        var asked = (string.IsNullOrEmpty(variant) ? implied : variant!.ToLowerInvariant()) switch
        {
            { } v when v.All(c => c is >= '0' and <= '9') => "v" + v,
            var v => v,
        };
        var normal = (name, asked) switch
        {
            ("arm64", "v8") or ("amd64", "v1") => null,
            ("arm", null) => "v7",
            _ => asked,
        };
        var system = os.ToLowerInvariant() is "macos" ? "darwin" : os.ToLowerInvariant();
        return new Platform(system, name, normal, string.IsNullOrEmpty(osVersion) ? null : osVersion);
    }

    private static bool IsWord(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '-' or '.';
}
