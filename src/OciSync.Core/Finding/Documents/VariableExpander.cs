namespace OciSync.Core.Finding.Documents;

/// <summary>
/// Puts in what variables stand for, as far as it is known: <c>$N</c>, <c>${N}</c>, and with <c>:-</c>, <c>-</c>, <c>:+</c>, <c>+</c>,
/// <c>:?</c>, <c>?</c> what is taken without or with a value, which may name variables itself.
/// </summary>
/// <param name="syntax">Whose rules.</param>
/// <param name="find">The value of a variable, or null where it isn't known.</param>
internal sealed class VariableExpander(VariableSyntax syntax, Func<string, WrittenText?> find)
{
    private const int Deepest = 10;

    /// <summary>The first reason for which a value isn't known, or null.</summary>
    internal string? Unknown { get; private set; }

    /// <summary>Says that nothing came out, if no other reason is known.</summary>
    internal void Require() => Unknown ??= "nothing is left of it without the values of its variables";

    /// <summary>The text with all values; where <see cref="Unknown"/> is set, it isn't whole.</summary>
    internal WrittenText Expand(WrittenText text) => Expand(text, 0);

    private WrittenText Expand(WrittenText text, int depth)
    {
        if (text.Value.IndexOf('$') < 0 && !(syntax == VariableSyntax.Dockerfile && text.Value.IndexOf('\\') >= 0))
        {
            return text;
        }

        var (value, result) = (text.Value, new WrittenTextBuilder(text.Style));
        for (var i = 0; i < value.Length;)
        {
            if (syntax == VariableSyntax.Dockerfile && value[i] == '\\' && i + 1 < value.Length)
            {
                result.Append(text.Slice(i + 1, 1));
                i += 2;
            }
            else if (value[i] != '$')
            {
                result.Append(text.Slice(i, 1));
                i++;
            }
            else
            {
                i = ExpandAt(text, i, result, depth);
            }
        }

        return result.ToText();
    }

    // Gives where the text goes on.
    private int ExpandAt(WrittenText text, int dollar, WrittenTextBuilder result, int depth)
    {
        var value = text.Value;
        var next = dollar + 1;
        if (next < value.Length && value[next] == '$' && syntax != VariableSyntax.Dockerfile)
        {
            result.Append("$");
            return next + 1;
        }

        var isBraced = next < value.Length && value[next] == '{';
        var start = isBraced ? next + 1 : next;
        var end = start;
        while (end < value.Length && (value[end] is '_' or >= 'a' and <= 'z' or >= 'A' and <= 'Z' || (end > start && value[end] is >= '0' and <= '9')))
        {
            end++;
        }

        if (end == start)
        {
            Unknown ??= "a '$' in it begins no name of a variable";
            return next;
        }

        var name = value.Substring(start, end - start);
        if (!isBraced)
        {
            Append(find(name), name, result, depth);
            return end;
        }

        var close = FindClose(value, end);
        if (close < 0 || depth > Deepest)
        {
            Unknown ??= $"the braces of '${{{name}' don't close";
            return value.Length;
        }

        AppendBraced(name, text.Slice(end, close - end), result, depth);
        return close + 1;
    }

    private void AppendBraced(string name, WrittenText rest, WrittenTextBuilder result, int depth)
    {
        var known = find(name);
        if (rest.Value.Length == 0)
        {
            Append(known, name, result, depth);
            return;
        }

        var isColon = rest.Value[0] == ':';
        var mark = rest.Value.Length > (isColon ? 1 : 0) ? rest.Value[isColon ? 1 : 0] : ' ';
        var word = rest.Slice(Math.Min(rest.Value.Length, isColon ? 2 : 1));
        var isSet = known is not null && !(isColon && known.Value.Length == 0);
        switch (mark)
        {
            case '-' when syntax != VariableSyntax.GitLab:
                result.Append(isSet ? known! : Expand(word, depth + 1));
                break;
            case '+' when syntax != VariableSyntax.GitLab:
                result.Append(isSet ? Expand(word, depth + 1) : word.Slice(0, 0));
                break;
            case '?' when syntax != VariableSyntax.GitLab:
                Append(isSet ? known : null, name, result, depth);
                break;
            default:
                Unknown ??= $"what '${{{name}{rest.Value}}}' becomes isn't worked out here";
                break;
        }
    }

    private void Append(WrittenText? known, string name, WrittenTextBuilder result, int depth)
    {
        if (known is null || depth > Deepest)
        {
            Unknown ??= $"the variable {name} has no value here";
            return;
        }

        result.Append(known);
    }

    // The brace that closes: those of variables within are passed over.
    private static int FindClose(string value, int start)
    {
        var open = 1;
        for (var i = start; i < value.Length; i++)
        {
            open += value[i] == '{' && value[i - 1] == '$' ? 1 : value[i] == '}' ? -1 : 0;
            if (open == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
