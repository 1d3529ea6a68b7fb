using System.Management.Automation;

namespace OciSync.EngineHost.Tests;

/// <summary>Writes the numbers from 1 to 100 and notes how it is ended.</summary>
[Cmdlet(VerbsCommon.Get, "Probe")]
public sealed class GetProbeCommand : PSCmdlet, IDisposable
{
    [Parameter(Mandatory = true, Position = 0)]
    public Probe Probe { get; set; } = new();

    public void Dispose() => Probe.Disposed = true;

    protected override void ProcessRecord()
    {
        try
        {
            for (var i = 1; i <= 100; i++)
            {
                Probe.Written = i;
                WriteObject(i);
            }
        }
        catch (Exception e)
        {
            Probe.Unwound = e.GetType().Name;
            throw;
        }
    }

    protected override void EndProcessing() => Probe.Ended = true;
}
