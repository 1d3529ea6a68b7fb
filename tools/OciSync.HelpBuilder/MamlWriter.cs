using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace OciSync.HelpBuilder;

/// <summary>Topics as the MAML that Get-Help reads; the same topics always give the same bytes.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private static readonly XNamespace Root = "http://msh";

    internal static string Write(IEnumerable<CommandTopic> topics)
    {
        var items = new XElement(Root + "helpItems", new XAttribute("schema", "maml"), topics.Select(Topic));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            items.Save(writer);
        }

        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + text + "\n";
    }

    private static XElement Topic(CommandTopic topic) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", topic.Name),
            new XElement(Command + "verb", topic.Name.Split('-')[0]),
            new XElement(Command + "noun", topic.Name.Split('-')[1]),
            Text(Maml + "description", topic.Parts["SYNOPSIS"])),
        Text(Maml + "description", topic.Parts["DESCRIPTION"]),
        new XElement(Command + "syntax", topic.Sets.Select(s => SyntaxItem(topic, s))),
        new XElement(Command + "parameters", topic.Parameters.Select(p => Parameter(p, p.Sets[0], full: true))),
        new XElement(Command + "inputTypes", topic.Types("INPUTS").Select(t => Type(Command + "inputType", t))),
        new XElement(Command + "returnValues", topic.Types("OUTPUTS").Select(t => Type(Command + "returnValue", t))),
        new XElement(Maml + "alertSet", Text(Maml + "alert", topic.Parts["NOTES"])),
        new XElement(Command + "examples", topic.Examples.Select(Example)),
        new XElement(Command + "relatedLinks", Online(topic), Links(topic.Parts["RELATED LINKS"])));

    // In the order of the markdown's syntax, which is the code's.
    private static XElement SyntaxItem(CommandTopic topic, (string Name, string Syntax) set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", topic.Name),
        topic.Parameters.Select(p => (Parameter: p, Set: p.In(set.Name), Place: Markdown.FindParameter(set.Syntax, p.Name))).Where(p => p.Set is not null)
            .OrderBy(p => p.Place >= 0 ? p.Place : throw new FormatException($"{topic.Name}: the syntax of '{set.Name}' lacks -{p.Parameter.Name}."))
            .Select(p => Parameter(p.Parameter, p.Set!, full: false)));

    private static XElement Parameter(ParameterTopic parameter, ParameterSet set, bool full)
    {
        var element = new XElement(
            Command + "parameter",
            new XAttribute("required", Lower(set.IsRequired)),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", Lower(parameter.Wildcards)),
            new XAttribute("pipelineInput", set.Pipeline),
            new XAttribute("position", set.Position == "Named" ? "named" : set.Position),
            new XAttribute("aliases", parameter.Aliases.Length == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Text(Maml + "description", parameter.Description));
        if (!full && parameter.AcceptedValues.Length > 0)
        {
            element.Add(new XElement(Command + "parameterValueGroup", parameter.AcceptedValues.Select(v =>
                new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), v))));
        }
        else if (parameter.ShortType.Length > 0)
        {
            element.Add(new XElement(
                Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), parameter.ShortType));
        }

        if (full)
        {
            element.Add(
                new XElement(Dev + "type", new XElement(Maml + "name", parameter.Type), new XElement(Maml + "uri")),
                new XElement(Dev + "defaultValue", parameter.Default.Length == 0 ? "None" : parameter.Default));
        }

        return element;
    }

    private static XElement Type(XName name, (string Type, string Text) type) =>
        new(name, new XElement(Dev + "type", new XElement(Maml + "name", type.Type)), Text(Maml + "description", type.Text));

    private static XElement Example((string Title, string Body) example)
    {
        var (code, remarks) = Markdown.Fence(example.Body);
        return new XElement(
            Command + "example",
            new XElement(Maml + "title", $"-------------------------- {example.Title} --------------------------"),
            new XElement(Dev + "code", code),
            Text(Dev + "remarks", remarks));
    }

    // Get-Help -Online opens the first link that has an address.
    private static XElement Online(CommandTopic topic) => new(
        Maml + "navigationLink", new XElement(Maml + "linkText", "Online Version:"), new XElement(Maml + "uri", topic.HelpUri));

    private static IEnumerable<XElement> Links(string text) =>
        Markdown.Paragraphs(text).SelectMany(p => p.Split('\n')).Select(l => new XElement(
            Maml + "navigationLink", new XElement(Maml + "linkText", l.TrimStart('-', ' ')), new XElement(Maml + "uri")));

    private static XElement Text(XName name, string text) => new(name, Markdown.Paragraphs(text).Select(p => new XElement(Maml + "para", p)));

    private static string Lower(bool value) => value ? "true" : "false";
}
