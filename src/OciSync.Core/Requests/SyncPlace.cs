using OciSync.Core.References;

namespace OciSync.Core.Requests;

/// <summary>A place images go to, and how they are called there.</summary>
/// <param name="Text">What the user gave; a login in it is not kept.</param>
/// <param name="Name">The full name of a source there; it fails with an OciException where there is none.</param>
public sealed record SyncPlace(string Text, Func<ImageReference, ImageLocation> Name)
{
    /// <summary>What the user gave, as it may be shown.</summary>
    public string Text { get; init; } = LoginText.Hide(Text);
}
