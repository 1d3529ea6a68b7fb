namespace OciSync.Core.Diagnosis;

/// <summary>One step on the way to a registry, and what came of it. It holds no secret.</summary>
public sealed class OciRegistryCheck
{
    internal OciRegistryCheck(string registry, string step, string result, string detail)
    {
        Registry = registry;
        Step = step;
        Result = result;
        Detail = detail;
    }

    /// <summary>The registry as it was asked for.</summary>
    public string Registry { get; }

    /// <summary>Dns, Proxy, Connect, Tls, Api, Challenge, Token, Pull or Push.</summary>
    public string Step { get; }

    /// <summary>Passed, Failed, Warning or Skipped.</summary>
    public string Result { get; }

    /// <summary>What was found.</summary>
    public string Detail { get; }

    /// <summary>Where the login comes from, in the steps that use one.</summary>
    public string? CredentialSource { get; internal init; }

    /// <summary>How long the step took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The error id of a failed step, such as <c>OciCertificateUntrusted</c>.</summary>
    public string? ErrorId { get; internal init; }

    /// <summary>What to do about a failed step.</summary>
    public string? Remedy { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Registry} {Step}: {Result} ({Detail})";
}
