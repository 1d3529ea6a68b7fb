using System.Text.Json;

namespace OciSync.Core.Signing.Bundles;

/// <summary>From when to when something is trusted (<c>validFor</c>); without an end, for good.</summary>
internal sealed class TrustedTime
{
    private readonly DateTimeOffset _start;
    private readonly DateTimeOffset _end;

    /// <summary>Reads it of the object that has it.</summary>
    internal TrustedTime(Dictionary<string, JsonElement> owner)
    {
        var time = owner.Object("validFor");
        _start = time?.Time("start") ?? throw new FormatException("validFor has no start");
        _end = time.Time("end") ?? DateTimeOffset.MaxValue;
    }

    /// <summary>Whether the moment is in it.</summary>
    internal bool Has(DateTimeOffset moment) => moment >= _start && moment <= _end;
}
