using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Requests;

/// <summary>
/// Names of repositories and images of which it is known that they are not there any more: a run passes over them, and does not fail because
/// of them. Each is a repository, an image, or a wildcard for either, with or without its registry as in any reference.
/// </summary>
public sealed class KnownMissing
{
    private readonly ImageNames _names;

    private KnownMissing(ImageNames names) => _names = names;

    /// <summary>Nothing is known to be missing.</summary>
    public static KnownMissing None { get; } = new(ImageNames.None);

    /// <summary>Reads names, as a text file has them: blank lines, and what follows a #, are passed over.</summary>
    /// <exception cref="OciException">One is neither a name nor a wildcard (<see cref="OciErrorKind.ChoiceInvalid"/>).</exception>
    public static KnownMissing Parse(IEnumerable<string> names) => new(ImageNames.Parse(names, "what is known to be missing"));

    /// <summary>It is known that a repository, or an image, or the repository of this image, is missing.</summary>
    public bool Contains(ImageReference reference) => _names.Contains(reference);

    /// <summary>The names that are none of these.</summary>
    internal IEnumerable<string> Except(IReadOnlyCollection<ImageReference> references) => _names.Except(references);

    /// <summary>
    /// Whether a registry says by this that it doesn't have what it was asked for. Some refuse what isn't there to who might not see it:
    /// that counts where the name is known.
    /// </summary>
    internal static bool IsAbsence(Exception? failure) =>
        failure is OciException
        {
            Kind: OciErrorKind.RepositoryUnknown or OciErrorKind.ManifestUnknown or OciErrorKind.Unauthorized or OciErrorKind.Forbidden,
        };

    /// <summary>Why a row is left alone.</summary>
    internal static string Reason(Exception absence) => "it is known to be missing: " + absence.Message;
}
