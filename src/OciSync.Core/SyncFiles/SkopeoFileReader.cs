using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tags;
using OciSync.Core.Versions;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>The YAML source of <c>skopeo sync</c> (skopeo-sync(1)): registries at the top, in the order of the file.</summary>
internal sealed class SkopeoFileReader(SyncFileContext context)
{
    private readonly SyncFileContent _content = new();

    internal SyncFileContent Read(YamlNode root)
    {
        foreach (var (registry, settings) in YamlMap.Of(root, "The file", context).Pairs)
        {
            if (settings.Kind is not YamlKind.Mapping && !settings.IsNull)
            {
                context.Add(
                    settings,
                    $"'{registry.Text}' must have images, images-by-tag-regex or images-by-semver. (A file of our own format begins with 'ocisync: 1'.)");
                continue;
            }

            ReadRegistry(registry, YamlMap.Of(settings, $"'{registry.Text}'", context));
        }

        // What sync-image wrote is such a file, and its workflow sets the same variables for it.
        new SyncImageHubs(context, _content).ReadDestinationLogin();
        return _content;
    }

    private void ReadRegistry(YamlNode registry, YamlMap map)
    {
        var before = _content.Entries.Count;
        // A namespace may follow the host: a repository's name is the key and what stands below it, with a slash between.
        if (!ImageReference.TryParse(registry.Text.Trim().TrimEnd('/') + "/x", out var below, out var fault) || !below!.IsRepository)
        {
            context.Add(registry, $"'{LoginText.Hide(registry.Text)}' is no registry: {fault ?? "it has a digest"}.");
            return;
        }

        ForEach(map.Map("images"), registry, ReadTags);
        ForEach(
            map.Map("images-by-tag-regex"),
            registry,
            (name, value) => ReadChoice(name, value, text => new TagChoice { IncludeRegex = ["(?-i)" + GoExpression.Translate(text)] }));
        ForEach(map.Map("images-by-semver"), registry, (name, value) => ReadChoice(name, value, SemVer));
        ReadSettings(below, map);
        map.RefuseOthers();
        if (_content.Entries.Count == before)
        {
            context.Warnings.Add($"{context.Path}({registry.Line},{registry.Column}): '{registry.Text}' names no image.");
        }
    }

    // As Masterminds/semver has it: short versions count, versions with a suffix don't.
    private static TagChoice SemVer(string range) => new() { VersionRange = range, Family = [string.Empty], IncludeRolling = true };

    private void ForEach(YamlMap? images, YamlNode registry, Action<ImageReference, YamlNode> read)
    {
        foreach (var (repository, value) in images?.Pairs ?? [])
        {
            if (RepositoryKeys.Read(registry.Text, repository, context) is { } name)
            {
                read(name, value);
            }
        }
    }

    private void ReadTags(ImageReference repository, YamlNode value)
    {
        var tags = value.IsNull ? [] : context.Texts(value, $"'{repository.Repository}'");
        for (var i = 0; i < tags.Count; i++)
        {
            RepositoryKeys.IsTagOrDigest(repository, tags[i], value.Kind == YamlKind.Sequence ? value.Items[i] : value, context);
        }

        _content.Entries.Add(new OciSyncEntry(repository, context.Path, value.Line)
        {
            Tag = [.. tags.Distinct(StringComparer.Ordinal)],
            Selector = tags.Count == 0 ? new TagSelector(TagChoice.Everything) : null,
        });
    }

    private void ReadChoice(ImageReference repository, YamlNode value, Func<string, TagChoice> choice)
    {
        if (context.Text(value, $"'{repository.Repository}'") is not { } text)
        {
            return;
        }

        try
        {
            _content.Entries.Add(new OciSyncEntry(repository, context.Path, value.Line) { Selector = new TagSelector(choice(text)) });
        }
        catch (OciException e)
        {
            context.Add(value, e.Message);
        }
    }

    private void ReadSettings(ImageReference below, YamlMap map)
    {
        var credentials = map.Map("credentials");
        var (user, password, token) = (credentials?.Text("username"), credentials?.Text("password"), credentials?.Text("identitytoken"));
        credentials?.RefuseOthers();
        var (tls, folder) = (map.Flag("tls-verify"), map.Text("cert-dir"));
        var credential = !string.IsNullOrEmpty(token) ? RegistryCredential.FromIdentityToken(token!)
            : !string.IsNullOrEmpty(user) ? RegistryCredential.FromPassword(user!, password ?? string.Empty)
            : null;
        if (credential is not null || tls is not null || folder is not null)
        {
            var slash = below.Repository.LastIndexOf('/');
            var place = slash < 0 || below.Repository == RegistryHost.DockerHubLibrary + "x" ? string.Empty : below.Repository.Substring(0, slash);
            _content.Registries.Add(
                new SyncRegistry(below.Registry) { Namespace = place, Credential = credential, TlsVerify = tls, CertificateDirectory = folder });
        }
    }
}
