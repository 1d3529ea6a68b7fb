using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <content>What is removed at the destinations.</content>
public partial class SyncOciImageCommand
{
    private Confirmation? _confirmation;
    private PruneLimit? _limit;
    private volatile bool _isAsking;

    /// <summary>Removes the tags at the destinations that are not chosen any more, in the repositories this run names.</summary>
    [Parameter]
    public SwitchParameter Prune { get; set; }

    /// <summary>How many tags may be pruned: a number, or a part such as 20%; if there would be more, none is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MaxPrune { get; set; }

    private Confirmation Asking => _confirmation ??= new Confirmation(this);

    private protected override void CheckPruning(bool isInInput)
    {
        if (Prune || isInInput)
        {
            Asking.RequireHost(Force, IsReading, PruneName);
        }
    }

    private protected override PruneRequest? CreatePruneRequest(PipelineWriter writer) => new()
    {
        IsWanted = Prune,
        Limit = _limit ?? PruneLimit.Default,
        Confirm = Asking.IsWanted || (!Force && !Asking.IsRefused) ? plan => AskAsync(plan, writer) : null,
    };

    private protected override bool IsUnanswered(Exception failure) => _isAsking && Confirmation.IsNobodyThere(failure);

    private void ReadLimit()
    {
        try
        {
            _limit = MaxPrune is null ? null : PruneLimit.Parse(MaxPrune);
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, MaxPrune));
        }
    }

    private async Task<bool> AskAsync(IReadOnlyList<OciSyncResult> plan, PipelineWriter writer)
    {
        var repositories = plan.GroupBy(r => ImageLocation.Parse(r.Destination).PlaceName).Select(g => $"{g.Key}: {Describe(g.Key, g.ToList())}");
        _isAsking = true;
        var answer = await writer.ShouldContinueAsync(
            "After copying, what is not chosen any more will be removed:" + Environment.NewLine + string.Join(Environment.NewLine, repositories)
                + Environment.NewLine + "Remove it?",
            "Prune").ConfigureAwait(false);
        _isAsking = false;
        return answer;
    }
}
