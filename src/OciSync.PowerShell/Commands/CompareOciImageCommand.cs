using System.Management.Automation;
using OciSync.Core.Engine;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <summary>The rows that Sync-OciImage would give, by reading alone.</summary>
[Cmdlet(VerbsData.Compare, "OciImage", HelpUri = HelpPages.Folder + "Compare-OciImage.md", DefaultParameterSetName = EntrySet)]
[OutputType(typeof(OciSyncResult), typeof(OciPlanCost))]
public sealed class CompareOciImageCommand : SyncOciImageCommand
{
    private readonly List<PullQuota> _quotas = [];

    /// <summary>Also versions of the sources above the newest at their destinations.</summary>
    [Parameter]
    public SwitchParameter Newer { get; set; }

    /// <summary>In place of the rows, what carrying them out costs each registry that images come from: pulls, requests, bytes, time.</summary>
    [Parameter]
    public SwitchParameter Cost { get; set; }

    /// <summary>Limits of pulls for -Cost, in place of what registries say: docker.io=200/6h.</summary>
    [Parameter]
    public string[] PullLimit { get; set; } = [];

    private protected override string ActivityName => "Compare images";

    private protected override bool IsQuiet => true;

    private protected override bool IsReading => true;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        foreach (var text in Lists.Split(PullLimit))
        {
            if (!PullQuota.TryParse(text, out var quota))
            {
                var failure = new PSArgumentException($"-PullLimit '{text}' is no limit of pulls: write registry=pulls/time, such as docker.io=200/6h.");
                ThrowTerminatingError(new ErrorRecord(failure, "OciChoiceInvalid", ErrorCategory.InvalidArgument, text));
            }

            _quotas.Add(quota!);
        }
    }

    private protected override SyncRequest CreateRequest() => base.CreateRequest() with { Newer = Newer };

    private protected override async Task WorkAsync(OciEngine engine, SyncRequest request, PipelineWriter writer, CancellationToken cancellationToken)
    {
        if (!Cost)
        {
            await base.WorkAsync(engine, request, writer, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var cost in await engine.CostAsync(request, _quotas, Record, cancellationToken).ConfigureAwait(false))
        {
            writer.WriteResult(cost);
        }
    }
}
