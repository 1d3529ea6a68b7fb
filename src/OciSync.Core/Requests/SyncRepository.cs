using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Tags;

namespace OciSync.Core.Requests;

/// <summary>A repository of which a choice of tags goes to some places; it is listed when the run begins.</summary>
/// <param name="Repository">The repository, without tag and digest.</param>
/// <param name="Selector">Which tags.</param>
/// <param name="Places">Where they go.</param>
/// <param name="Input">What the user gave, for errors.</param>
public sealed record SyncRepository(ImageReference Repository, TagSelector Selector, IReadOnlyList<SyncPlace> Places, string Input) : ImageTerms
{
    /// <summary>Tags that are at the destination are no candidates: the newest N are those of the others. Null for what the request says.</summary>
    public bool? NewOnly { get; init; }
}
