using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>What leads to a failure and what helps, where a row says more than its error id: an id may have several causes.</summary>
/// <param name="Title">What went wrong, in a few words; null where the id alone names it.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Remedy">What helps.</param>
/// <param name="IsOfSource">The source has no such image: tried again alone it fails again.</param>
internal sealed record FailureCause(string? Title, string Meaning, string Remedy, bool IsOfSource = false)
{
    private const string Unknown = "OciManifestUnknown";

    private static readonly FailureCause NotAtSource = new(
        "Not at the source",
        "The source has no image of this tag or digest.",
        "Correct the tag, or remove it from what is asked for: Get-OciTag lists the tags there are. Trying again alone won't help.",
        IsOfSource: true);

    private static readonly FailureCause LostAtDestination = new(
        "Lost by the destination",
        "The destination said that it had stored a manifest and does not have it: its cache has outlived a garbage collection.",
        "Restart the registry of the destination; then run again.");

    private static readonly FailureCause NotFound = new(
        null, "Something that was asked for is not there; the message says what.", "Check the name: Get-OciTag lists the tags there are.");

    /// <summary>The cause of a failed row; null for an id that is not known.</summary>
    internal static FailureCause? Of(OciSyncResult row) => row.ErrorId switch
    {
        null => null,
        Unknown => Names(row, row.Source) ? NotAtSource
            : Names(row, RepositoryOf(row.Destination)) ? LostAtDestination
            : NotFound,
        var id => Remedies.Find(id) is { } known ? new FailureCause(null, known.Cause, known.Remedy) : null,
    };

    // A message about something that is missing begins with its name.
    private static bool Names(OciSyncResult row, string name) =>
        name.Length > 0 && row.Error is { } error && error.StartsWith("'" + name, StringComparison.Ordinal)
            && (error.Length == name.Length + 1 || error[name.Length + 1] is '\'' or ':' or '@');

    private static string RepositoryOf(string name)
    {
        var bare = name.Split('@')[0];
        var colon = bare.LastIndexOf(':');
        return colon > bare.LastIndexOf('/') ? bare.Substring(0, colon) : bare;
    }
}
