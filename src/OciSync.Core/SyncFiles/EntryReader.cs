using OciSync.Core.Errors;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>Reads what a row says of an image: <see cref="EntryText.Of"/> turned round.</summary>
internal static class EntryReader
{
    /// <summary>Reads what <see cref="EntryText.Of"/> wrote.</summary>
    /// <exception cref="OciException">It is something else.</exception>
    internal static EntrySettings Read(string text)
    {
        // No variables: a value stands for itself.
        var context = new SyncFileContext("Selection", _ => null);
        try
        {
            var map = YamlMap.Of(YamlReader.Read(context.Path, text) ?? new YamlNode(YamlKind.Mapping, 1, 1), "It", context);
            var settings = EntrySettings.Read(map, EntrySettings.None, context);
            map.RefuseOthers();
            return context.Mistakes.Count == 0 ? settings : throw new SyncFileException(context.Mistakes[0]);
        }
        catch (SyncFileException e)
        {
            throw new OciException(OciErrorKind.ChoiceInvalid, $"A row's Selection can't be understood: {e.Mistake.Message}", e);
        }
    }
}
