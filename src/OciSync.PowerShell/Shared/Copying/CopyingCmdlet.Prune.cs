using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>What is removed at the destinations.</content>
public abstract partial class CopyingCmdlet
{
    private protected const string PruneName = "Sync-OciImage with pruning";

    private const int NamesShown = 5;

    /// <summary>What is pruned, and how it is confirmed; null for commands that remove nothing.</summary>
    private protected virtual PruneRequest? CreatePruneRequest(PipelineWriter writer) => null;

    /// <summary>Called before the work, with what is to be done.</summary>
    private protected virtual void CheckPruning(bool isInInput)
    {
    }

    /// <summary>Whether what stopped the work was a question about pruning that nobody could answer.</summary>
    private protected virtual bool IsUnanswered(Exception failure) => false;

    /// <summary>Rows of a plan remove something.</summary>
    private protected virtual bool HasRemovals => false;

    private bool IsPruneInInput => HasRemovals || _pairs.Exists(p => p.Prune == true) || _repositories.Exists(r => r.Prune == true);

    // One line for each repository that would lose tags.
    private static async Task TellPruningAsync(IReadOnlyList<OciSyncResult> plan, PipelineWriter writer)
    {
        foreach (var repository in plan.Where(r => r.Status == SyncStatus.WouldPrune).GroupBy(r => RepositoryOf(r.Destination)))
        {
            await writer.ShouldProcessAsync(repository.Key, "Prune " + Describe(repository.Key, repository.ToList())).ConfigureAwait(false);
        }
    }

    /// <summary>How many tags of a repository, and the first of them.</summary>
    private protected static string Describe(string repository, IReadOnlyList<OciSyncResult> rows)
    {
        var tags = rows.Select(r => r.Destination.Substring(repository.Length).TrimStart(':', '@')).ToList();
        return $"{tags.Count} {(tags.Count == 1 ? "tag" : "tags")} "
            + $"({string.Join(", ", tags.Take(NamesShown))}{(tags.Count > NamesShown ? ", …" : string.Empty)})";
    }
}
