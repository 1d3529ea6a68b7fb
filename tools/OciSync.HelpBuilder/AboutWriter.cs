using System.Text;

namespace OciSync.HelpBuilder;

/// <summary>A page of docs as a topic that <c>Get-Help about_…</c> shows: 76 columns, headings as they are usual there.</summary>
internal static class AboutWriter
{
    private const int Width = 76;
    private const string Indent = "    ";

    internal static string Write(string topic, string summary, string markdown)
    {
        var text = new StringBuilder();
        Add(text, "TOPIC", [topic]);
        Add(text, "SHORT DESCRIPTION", [summary]);
        foreach (var (title, body) in Markdown.Sections(markdown.ReplaceLineEndings("\n"), 2))
        {
            Add(text,
                title.StartsWith("Oci", StringComparison.Ordinal) ? title : title.ToUpperInvariant(),
                Markdown.Paragraphs(body).SelectMany(p => p.Split('\n')));
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static void Add(StringBuilder text, string heading, IEnumerable<string> paragraphs)
    {
        text.Append(heading).Append('\n');
        foreach (var paragraph in paragraphs)
        {
            var isItem = paragraph.StartsWith("- ", StringComparison.Ordinal);
            Wrap(text, isItem ? paragraph[2..] : paragraph, isItem ? Indent + Indent : Indent);
        }

        text.Append('\n');
    }

    private static void Wrap(StringBuilder text, string paragraph, string hanging)
    {
        var line = new StringBuilder(Indent);
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length > Width && line.ToString().Trim().Length > 0)
            {
                text.Append(line.ToString().TrimEnd()).Append('\n');
                line.Clear().Append(hanging);
            }

            line.Append(word).Append(' ');
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
