using OciSync.Core.Finding.Documents;

namespace OciSync.Core.Finding.Dockerfiles;

/// <summary>An instruction of a Dockerfile: its lines as one, without comments and line ends.</summary>
/// <param name="Text">The text.</param>
/// <param name="Offset">Where it begins in the file.</param>
internal sealed record DockerfileLine(WrittenText Text, int Offset)
{
    /// <summary>The instruction in upper case: FROM, RUN.</summary>
    internal string Instruction => Words().FirstOrDefault()?.Value.ToUpperInvariant() ?? string.Empty;

    /// <summary>The words, quotes and all.</summary>
    internal IEnumerable<WrittenText> Words()
    {
        var value = Text.Value;
        for (var i = 0; i < value.Length;)
        {
            while (i < value.Length && char.IsWhiteSpace(value[i]))
            {
                i++;
            }

            var start = i;
            for (var quote = '\0'; i < value.Length && (quote != '\0' || !char.IsWhiteSpace(value[i])); i++)
            {
                quote = quote == value[i] ? '\0' : quote == '\0' && value[i] is '"' or '\'' ? value[i] : quote;
            }

            if (i > start)
            {
                yield return Text.Slice(start, i - start);
            }
        }
    }

    /// <summary>The instruction behind the first word, as <c>ONBUILD</c> has one.</summary>
    internal DockerfileLine WithoutFirstWord()
    {
        var first = Text.Value.Length - Text.Value.TrimStart().Length;
        var end = first;
        while (end < Text.Value.Length && !char.IsWhiteSpace(Text.Value[end]))
        {
            end++;
        }

        return this with { Text = Text.Slice(end) };
    }
}
