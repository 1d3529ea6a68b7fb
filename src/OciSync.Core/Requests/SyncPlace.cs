using OciSync.Core.References;

namespace OciSync.Core.Requests;

/// <summary>A place images go to, and how they are called there.</summary>
/// <param name="Destination">What the user gave.</param>
/// <param name="Name">The full name of a source there; it fails with an OciException where there is none.</param>
public sealed record SyncPlace(GivenDestination Destination, Func<ImageReference, ImageLocation> Name)
{
    /// <summary>What the user gave, as it may be shown.</summary>
    public string Text => Destination.Text;

    /// <summary>A place for many images, each called as <paramref name="naming"/> says, with the suffix behind its tag.</summary>
    public static SyncPlace Below(GivenDestination destination, DestinationNaming naming, string? suffix = null) =>
        new(destination, source => destination.Below(source, naming, suffix));

    /// <summary>A full name; without a tag it gets the source's.</summary>
    public static SyncPlace Exact(GivenDestination destination) => new(destination, destination.Exact);
}
