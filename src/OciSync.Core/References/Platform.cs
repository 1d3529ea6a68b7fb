namespace OciSync.Core.References;

/// <summary>A platform (image-spec 1.1, index, <c>platform</c>): <c>os/architecture[/variant][:osversion]</c>.</summary>
public sealed record Platform(string Os, string Architecture, string? Variant, string? OsVersion)
{
    internal static Platform Of(string os, string architecture, string? variant, string? osVersion) => new(os, architecture, variant, osVersion);
    public bool Matches(Platform candidate) => Os == candidate.Os && Architecture == candidate.Architecture && (Variant is null || Variant == candidate.Variant);
    public static Platform Parse(string text) { var p = text.Split('/'); return new(p[0], p[1], p.Length > 2 ? p[2] : null, null); }
    public static Platform Default => new("linux", "amd64", null, null);
    public override string ToString() => Os + "/" + Architecture + (Variant is null ? "" : "/" + Variant);
}
