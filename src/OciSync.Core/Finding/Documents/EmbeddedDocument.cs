using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>A document of YAML or JSON that is the text of a value: a manifest in a ConfigMap, the list of an annotation.</summary>
internal static class EmbeddedDocument
{
    /// <summary>Reads what a value holds.</summary>
    /// <param name="value">The value.</param>
    /// <param name="onDocument">Given each document.</param>
    /// <exception cref="SourceFaultException">It is none.</exception>
    internal static void Read(SourceNode value, Action<SourceNode> onDocument)
    {
        var text = SourceText.In(value);
        foreach (var (start, length) in DocumentSplitter.Split(text.Text))
        {
            if (IsJson(text.Text, start, length))
            {
                SourceJson.Read(text, start, length, null, onDocument);
            }
            else
            {
                SourceYaml.Read(text, start, length, null, onDocument);
            }
        }
    }

    /// <summary>The same where the value may well be something else.</summary>
    internal static void TryRead(SourceNode value, Action<SourceNode> onDocument)
    {
        try
        {
            Read(value, onDocument);
        }
        catch (SourceFaultException)
        {
            // A value may hold any text; only what happens to be a document is looked at.
        }
    }

    /// <summary>Whether a stretch begins as JSON does; a flow mapping of YAML that isn't JSON is told by its reader.</summary>
    internal static bool IsJson(string text, int start, int length)
    {
        var i = start;
        while (i < start + length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        if (i >= start + length || text[i] is not ('{' or '['))
        {
            return false;
        }

        // {a: b} is YAML alone: JSON goes on with a quote, a bracket, a value or the end.
        do
        {
            i++;
        }
        while (i < start + length && char.IsWhiteSpace(text[i]));
        return i < start + length && (text[i] is '"' or '{' or '[' or '}' or ']');
    }
}
