using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Requests;

/// <summary>Names of repositories and images: each is one, or a wildcard for either, with or without its registry as in any reference.</summary>
public sealed class ImageNames
{
    private const char Comment = '#';
    private static readonly char[] WildcardCharacters = ['*', '?', '['];

    private readonly List<(string Text, Func<string, bool> IsMatch)> _names = [];

    private ImageNames()
    {
    }

    /// <summary>No name.</summary>
    public static ImageNames None { get; } = new();

    /// <summary>Reads names, as a text file has them: blank lines, and what follows a #, are passed over.</summary>
    /// <param name="names">The names.</param>
    /// <param name="what">What they are names of, for the failure.</param>
    /// <exception cref="OciException">One is neither a name nor a wildcard (<see cref="OciErrorKind.ChoiceInvalid"/>).</exception>
    public static ImageNames Parse(IEnumerable<string> names, string what)
    {
        var known = new ImageNames();
        foreach (var name in names.Select(n => n.Split(Comment)[0].Trim()).Where(n => n.Length > 0))
        {
            known._names.Add((name, Read(name, what)));
        }

        return known;
    }

    /// <summary>One of the names is the repository, or the image, or the repository of this image.</summary>
    public bool Contains(ImageReference reference) => _names.Exists(n => n.IsMatch(reference.Name) || n.IsMatch(reference.ToString()));

    /// <summary>The names that are none of these.</summary>
    internal IEnumerable<string> Except(IReadOnlyCollection<ImageReference> references) =>
        _names.Where(n => !references.Any(r => n.IsMatch(r.Name) || n.IsMatch(r.ToString()))).Select(n => n.Text);

    private static Func<string, bool> Read(string name, string what)
    {
        if (name.IndexOfAny(WildcardCharacters) >= 0)
        {
            try
            {
                return new WildcardPattern(name).IsMatch;
            }
            catch (FormatException e)
            {
                throw new OciException(OciErrorKind.ChoiceInvalid, $"'{name}' is no wildcard for {what}: {e.Message}", e);
            }
        }

        if (!ImageReference.TryParse(name, out var reference, out var fault))
        {
            throw new OciException(OciErrorKind.ChoiceInvalid, $"'{name}' is no name of {what}: {fault}.");
        }

        var text = reference!.ToString();
        return other => other == text;
    }
}
