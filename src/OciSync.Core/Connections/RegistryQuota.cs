namespace OciSync.Core.Connections;

/// <summary>What a registry said of its limit for pulls.</summary>
public sealed record RegistryQuota
{
    /// <summary>Pulls in a period, or null when it wasn't said.</summary>
    public long? Limit { get; init; }

    /// <summary>Pulls that are left.</summary>
    public long Remaining { get; init; }

    /// <summary>The length of the period, when it was said.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>When it starts anew, when it was said.</summary>
    public DateTimeOffset? Reset { get; init; }

    /// <summary>Whose limit it is.</summary>
    public string User { get; init; } = string.Empty;
}
