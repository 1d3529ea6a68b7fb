namespace OciSync.Core.Images;

/// <summary>A source that no longer has images as they once were pushed.</summary>
internal interface IChangedSource
{
    /// <summary>What is lost, in words for a row; null when nothing is, or nobody knows yet.</summary>
    string? ChangeReason { get; }
}
