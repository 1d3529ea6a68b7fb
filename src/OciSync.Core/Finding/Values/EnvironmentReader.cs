using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Values;

/// <summary>Images that containers are told of, by variables of their environment and by their arguments: how operators know what they start.</summary>
internal sealed class EnvironmentReader(FoundImages found)
{
    private const string Related = "RELATED_IMAGE_";

    private static readonly string[] NoImageParts = ["PULL", "POLICY", "PORT", "SECRET", "SECRETS", "FORMAT", "DIGESTS"];

    /// <summary>Reads a list <c>env</c>.</summary>
    internal void ReadVariables(SourceNode list)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            if (item.TextOf("name") is { } name && IsImageName(name) && item.Find("value") is { IsScalar: true } value)
            {
                found.Path.Push(i);
                found.Path.Push("value");
                ReadVariable(name, value);
                found.Path.Pop();
                found.Path.Pop();
            }
        }
    }

    /// <summary>Reads <c>args</c> or <c>command</c>: <c>--flag=name</c>, or <c>--some-image</c> and the name as the next item.</summary>
    internal void ReadArguments(SourceNode list)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            if (!item.IsScalar || item.Text.Length == 0 || item.Text[0] != '-')
            {
                continue;
            }

            var equals = item.Text.IndexOf('=');
            var flag = equals < 0 ? item.Text : item.Text.Substring(0, equals);
            var value = equals >= 0 ? item : i + 1 < list.Items.Count ? list.Items[i + 1] : null;
            if (value is { IsScalar: true } && (equals >= 0 || IsImageFlag(flag)))
            {
                found.Path.Push(equals >= 0 ? i : i + 1);
                AddArgument(flag, WrittenText.Of(value).Slice(equals + 1), value);
                found.Path.Pop();
            }
        }
    }

    private void AddArgument(string flag, WrittenText name, SourceNode node)
    {
        var isImageFlag = IsImageFlag(flag);
        var text = name.Value;
        if (text.Length == 0 || text[0] == '-' || ReferenceText.IsSomethingElse(text) || (!isImageFlag && text.IndexOfAny(['{', '$']) >= 0)
            || !(ReferenceText.HasHost(text) || isImageFlag) || !(ReferenceText.HasVersion(text) || (isImageFlag && text.Contains("/"))))
        {
            return;
        }

        found.Add(new Candidate(FindRules.Argument, name, node.Source, node.Start)
        {
            IsGuess = true,
            Doubt = flag.EndsWith("base-image", StringComparison.Ordinal) && !ReferenceText.HasVersion(text) ? "a name to which the program adds a tag" : null,
        });
    }

    private void ReadVariable(string name, SourceNode value)
    {
        var rule = name.StartsWith(Related, StringComparison.Ordinal) ? FindRules.RelatedImage : FindRules.EnvironmentVariable;
        var text = WrittenText.Of(value).TrimEnd();
        if (text.Value.IndexOf('\n') >= 0 || (name.EndsWith("IMAGES", StringComparison.Ordinal) && text.Value.IndexOf('=') > 0))
        {
            ReadLines(rule, text, value);
            return;
        }

        Add(rule, text, value);
    }

    // One version=name a line (Strimzi).
    private void ReadLines(string rule, WrittenText text, SourceNode value)
    {
        var start = 0;
        foreach (var line in text.Value.Split('\n'))
        {
            var at = start + line.IndexOf('=') + 1;
            Add(rule, text.Slice(at, start + line.Length - at).Trim(), value);
            start += line.Length + 1;
        }
    }

    private void Add(string rule, WrittenText text, SourceNode node)
    {
        var value = text.Value;
        if (value.Length > 0 && (ReferenceText.HasHost(value) || (ReferenceText.HasVersion(value) && !ReferenceText.IsSomethingElse(value))))
        {
            found.Add(new Candidate(rule, text, node.Source, node.Start) { IsGuess = true });
        }
    }

    private static bool IsImageFlag(string flag) => flag.EndsWith("image", StringComparison.OrdinalIgnoreCase);

    private static bool IsImageName(string name)
    {
        var parts = name.ToUpperInvariant().Split('_', '-');
        return parts.Any(p => p is "IMAGE" or "IMAGES") && !parts.Any(p => NoImageParts.Contains(p));
    }
}
