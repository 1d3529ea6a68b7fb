using OciSync.Core.Text;

namespace OciSync.Core.References;

/// <summary>Rules for repository names: distribution-spec 1.1, "Pulling manifests", and the 255 characters of distribution.</summary>
internal static class RepositoryName
{
    internal const int MaxLength = 255;

    /// <summary>Says what is wrong with <paramref name="name"/>, or null when it is a repository name.</summary>
    internal static string? FindFault(string name)
    {
        if (name.Length == 0)
        {
            return "the repository name is empty";
        }

        if (name.Length > MaxLength)
        {
            return $"the repository name has {name.Length} characters; at most {MaxLength} are allowed";
        }

        foreach (var part in name.Split('/'))
        {
            if (FindPartFault(part) is { } fault)
            {
                return part.Length == 0
                    ? $"the repository name '{Printable.Text(name)}' has an empty path part"
                    : $"the path part '{Printable.Text(part)}' {fault}";
            }
        }

        return null;
    }

    private static string? FindPartFault(string part)
    {
        if (part.Length == 0)
        {
            return "is empty";
        }

        for (var i = 0; i < part.Length; i++)
        {
            if (IsAlphanumeric(part[i]))
            {
                continue;
            }

            var end = i;
            while (end < part.Length && !IsAlphanumeric(part[end]))
            {
                if (part[end] is not ('.' or '_' or '-'))
                {
                    return $"{FindCharacterFault(part, end)} (position {end + 1})";
                }

                end++;
            }

            if (FindSeparatorFault(part.Substring(i, end - i), i == 0 || end == part.Length) is { } fault)
            {
                return $"{fault} (position {i + 1})";
            }

            i = end - 1;
        }

        return null;
    }

    private static string FindCharacterFault(string part, int index) => part[index] is >= 'A' and <= 'Z'
        ? $"has an upper-case letter '{part[index]}'; repository names are lower case"
        : $"has the character '{Printable.Character(part, index)}', which a repository name can't have";

    private static string? FindSeparatorFault(string separator, bool atEdge)
    {
        if (atEdge)
        {
            return $"starts or ends with '{separator}'";
        }

        var valid = separator is "." or "_" or "__" || separator.Trim('-').Length == 0;
        return valid ? null : $"has the separator '{separator}'; allowed are one '.', one or two '_', or any number of '-'";
    }

    private static bool IsAlphanumeric(char c) => c is >= 'a' and <= 'z' or >= '0' and <= '9';
}
