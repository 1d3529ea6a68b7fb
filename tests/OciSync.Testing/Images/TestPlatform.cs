using System.Text.Json.Nodes;

namespace OciSync.Testing.Images;

/// <summary>A platform as it stands in an index.</summary>
public sealed record TestPlatform(string Os, string Architecture, string? Variant = null, string? OsVersion = null)
{
    public static readonly TestPlatform LinuxAmd64 = new("linux", "amd64");
    public static readonly TestPlatform LinuxArm64 = new("linux", "arm64", "v8");
    public static readonly TestPlatform LinuxArm7 = new("linux", "arm", "v7");
    public static readonly TestPlatform WindowsAmd64 = new("windows", "amd64", OsVersion: "10.0.20348.2527");
    public static readonly TestPlatform Unknown = new("unknown", "unknown");

    /// <summary>Linux on three architectures, and Windows.</summary>
    public static readonly IReadOnlyList<TestPlatform> Usual = [LinuxAmd64, LinuxArm64, LinuxArm7, WindowsAmd64];

    /// <summary>Reads <c>os/architecture[/variant]</c>.</summary>
    public static TestPlatform Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length is 2 or 3
            ? new TestPlatform(parts[0], parts[1], parts.Length == 3 ? parts[2] : null)
            : throw new FormatException($"'{text}' is not os/architecture[/variant].");
    }

    /// <inheritdoc />
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["architecture"] = Architecture, ["os"] = Os };
        if (OsVersion is not null)
        {
            json["os.version"] = OsVersion;
        }

        if (Variant is not null)
        {
            json["variant"] = Variant;
        }

        return json;
    }
}
