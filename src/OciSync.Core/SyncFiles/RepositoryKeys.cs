using OciSync.Core.References;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>Names of registries and repositories in sync files.</summary>
internal static class RepositoryKeys
{
    /// <summary>A repository below a registry; null and a mistake when the two make no name.</summary>
    internal static ImageReference? Read(string registry, YamlNode repository, SyncFileContext context)
    {
        if (context.Text(repository, "A repository") is not { } name)
        {
            return null;
        }

        return Parse(registry.Trim().TrimEnd('/') + "/" + name.Trim().Trim('/'), repository, context);
    }

    /// <summary>A repository with its registry.</summary>
    internal static ImageReference? Parse(string text, YamlNode place, SyncFileContext context)
    {
        if (!ImageReference.TryParse(text, out var reference, out var fault))
        {
            context.Add(place, $"'{LoginText.Hide(text)}' is no repository: {fault}.");
            return null;
        }

        if (!reference!.IsRepository)
        {
            context.Add(place, $"'{text}' is an image; a repository is expected here, such as '{reference.Name}'.");
            return null;
        }

        return reference;
    }

    /// <summary>A tag or digest that is named; false and a mistake when it is none.</summary>
    internal static bool IsTagOrDigest(ImageReference repository, string text, YamlNode place, SyncFileContext context)
    {
        var separator = text.Contains(":") && !text.Contains("@") ? "@" : ":";
        if (ImageReference.TryParse(repository + separator + text, out _, out var fault))
        {
            return true;
        }

        context.Add(place, $"'{LoginText.Hide(text)}' is no tag and no digest: {fault}.");
        return false;
    }
}
