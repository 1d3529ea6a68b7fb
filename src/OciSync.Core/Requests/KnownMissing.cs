using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Requests;

/// <summary>
/// Names of repositories and images of which it is known that they are not there any more: a run passes over them, and does not fail because
/// of them. Each is a repository, an image, or a wildcard for either, with or without its registry as in any reference.
/// </summary>
public sealed class KnownMissing
{
    private const char Comment = '#';
    private static readonly char[] WildcardCharacters = ['*', '?', '['];

    private readonly List<(string Text, Func<string, bool> IsMatch)> _names = [];

    private KnownMissing()
    {
    }

    /// <summary>Nothing is known to be missing.</summary>
    public static KnownMissing None { get; } = new();

    /// <summary>Reads names, as a text file has them: blank lines, and what follows a #, are passed over.</summary>
    /// <exception cref="OciException">One is neither a name nor a wildcard (<see cref="OciErrorKind.ChoiceInvalid"/>).</exception>
    public static KnownMissing Parse(IEnumerable<string> names)
    {
        var known = new KnownMissing();
        foreach (var name in names.Select(n => n.Split(Comment)[0].Trim()).Where(n => n.Length > 0))
        {
            known._names.Add((name, Read(name)));
        }

        return known;
    }

    /// <summary>It is known that a repository, or an image, or the repository of this image, is missing.</summary>
    public bool Contains(ImageReference reference) => _names.Exists(n => n.IsMatch(reference.Name) || n.IsMatch(reference.ToString()));

    /// <summary>The names that are none of these.</summary>
    internal IEnumerable<string> Except(IReadOnlyCollection<ImageReference> references) =>
        _names.Where(n => !references.Any(r => n.IsMatch(r.Name) || n.IsMatch(r.ToString()))).Select(n => n.Text);

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

    private static Func<string, bool> Read(string name)
    {
        if (name.IndexOfAny(WildcardCharacters) >= 0)
        {
            try
            {
                return new WildcardPattern(name).IsMatch;
            }
            catch (FormatException e)
            {
                throw new OciException(OciErrorKind.ChoiceInvalid, $"'{name}' is no wildcard for what is known to be missing: {e.Message}", e);
            }
        }

        if (!ImageReference.TryParse(name, out var reference, out var fault))
        {
            throw new OciException(OciErrorKind.ChoiceInvalid, $"'{name}' is no name of what is known to be missing: {fault}.");
        }

        var text = reference!.ToString();
        return other => other == text;
    }
}
