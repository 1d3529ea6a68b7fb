namespace OciSync.Core.Tags;

/// <summary>What a choice made of the tags of a repository.</summary>
/// <param name="All">Every tag, ascending; those that are not wanted have a reason.</param>
/// <param name="Remarks">What was strange about the registry's list, in sentences fit to be shown.</param>
public sealed record ChosenTags(IReadOnlyList<OciTag> All, IReadOnlyList<string> Remarks)
{
    /// <summary>The tags that are wanted, ascending.</summary>
    public IEnumerable<OciTag> Wanted => All.Where(t => t.DropReason is null);
}
