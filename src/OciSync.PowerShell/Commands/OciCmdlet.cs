using System.Management.Automation;
using OciSync.Core;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.References;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Commands;

/// <summary>What all cmdlets that talk to a registry share: attempts, waiting times, the session's logins.</summary>
public abstract class OciCmdlet : AsyncCmdlet
{
    /// <summary>Further attempts after a transient failure.</summary>
    [Parameter]
    [Alias("RetryCount", "RetryTimes")]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>Seconds before the second attempt; the wait doubles from there, up to 30 s.</summary>
    [Parameter]
    [Alias("RetryDelay")]
    [ValidateRange(0, 3600)]
    public int RetryIntervalSec { get; set; } = 1;

    /// <summary>Seconds without progress after which a transfer is given up and tried again.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int StallTimeoutSec { get; set; } = 60;

    // Taken on the pipeline's thread: work on the pool doesn't know the runspace.
    private protected RunspaceState State { get; } = RunspaceState.Current;

    private protected RegistrySessions Sessions => State.Sessions;

    private protected virtual EngineOptions CreateOptions() => new()
    {
        MaximumRetryCount = MaximumRetryCount,
        RetryInterval = TimeSpan.FromSeconds(RetryIntervalSec),
        StallTimeout = TimeSpan.FromSeconds(StallTimeoutSec),
    };

    private protected OciEngine CreateEngine(
        EngineEvents events, IReadOnlyDictionary<string, RegistryCredential>? credentials, CancellationToken cancellationToken) =>
        new(CreateOptions(), events, Sessions, credentials ?? new Dictionary<string, RegistryCredential>(), cancellationToken);

    private protected static EngineEvents TellDecisions(PipelineWriter writer) => new()
    {
        Decision = writer.WriteVerbose,
        Warning = writer.WriteWarning,
    };

    /// <summary>Reads references; what is none becomes an error of its own, and the others go on.</summary>
    private protected IReadOnlyList<(ImageReference Reference, string Input)> ReadReferences(IEnumerable<string?> inputs)
    {
        var references = new List<(ImageReference, string)>();
        foreach (var input in inputs)
        {
            if (ImageReference.TryParse(input, out var reference, out _))
            {
                State.Seen.Add(reference!);
                references.Add((reference!, input!));
            }
            else
            {
                WriteError(ErrorRecords.Create(FailureOf(input), input));
            }
        }

        return references;
    }

    private protected static Dictionary<string, RegistryCredential>? For(string registry, PSCredential? credential) =>
        credential is null ? null : new Dictionary<string, RegistryCredential> { [registry] = Credentials.From(credential) };

    private protected static ReferenceException FailureOf(string? input)
    {
        try
        {
            _ = ImageReference.Parse(input!);
        }
        catch (ReferenceException e)
        {
            return e;
        }

        throw new InvalidOperationException($"'{input}' is a reference.");
    }
}
