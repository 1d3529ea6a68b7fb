using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Values;

/// <summary>
/// An image whose name stands in several keys of one mapping, as charts and some custom resources have it: registry, repository (or repo, image,
/// name), tag (or version), digest (or sha). What is missing comes from the top of the values and from the chart, as the helpers of the usual
/// charts do it.
/// </summary>
internal sealed class ImageElement
{
    private readonly SourceNode _node;
    private readonly string? _key;
    private readonly ChartFacts _chart;
    private readonly List<FoundPart> _parts = [];
    private SourceNode? _name;
    private string? _doubt;
    private string? _note;

    private ImageElement(SourceNode node, string? key, ChartFacts chart)
    {
        _node = node;
        _key = key;
        _chart = chart;
    }

    /// <summary>The image of a mapping, or null where it is none.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="key">Its key.</param>
    /// <param name="chart">What is said for all.</param>
    /// <param name="rule">The rule to be told. In a custom resource a repository means an image only below such a key, or beside one.</param>
    internal static Candidate? Find(SourceNode node, string? key, ChartFacts chart, string rule)
    {
        if (node.Kind != YamlKind.Mapping || ImageKeys.IsSomethingElse(key)
            || (rule == FindRules.CustomResource && !ImageKeys.IsImage(key) && node.FindWritten("image") is null && node.FindWritten("registry") is null))
        {
            return null;
        }

        if (node.Find("override") is { IsScalar: true } whole && node.FindWritten("repository") is not null)
        {
            return new Candidate(rule, whole) { IsGuess = true };
        }

        return new ImageElement(node, key, chart).Join(rule);
    }

    private Candidate? Join(string rule)
    {
        if (FindName() is not { } name || name.Contains("://"))
        {
            return null;
        }

        if (name.Contains("{{"))
        {
            return new Candidate(rule, _name!) { IsGuess = true };
        }

        // A name that is whole already is not added to.
        var isWhole = ReferenceText.HasVersion(name) && FindTag() is null;
        var text = AddRegistry(name);
        if (!isWhole)
        {
            text = AddVersion(text);
        }

        return text is null ? null : new Candidate(rule, new WrittenText(text, [], SourceStyle.Plain), _name!.Source, _name.Start)
        {
            Written = name,
            IsGuess = true,
            Doubt = _doubt ?? FindDoubt(),
            Note = _note,
            Parts = _parts.OrderBy(p => p.Start).ToList(),
        };
    }

    private string? FindName()
    {
        var repository = Scalar("repository") ?? Scalar("repo");
        var (image, name) = (Scalar("image"), Scalar("name"));
        var hasVersion = FindTag() is not null || FindDigest() is not null;
        if (repository is not null)
        {
            // repository/image:version (NVIDIA), registry/repository/name:tag (Strimzi): a repository with a host is whole.
            var more = image is not null && hasVersion && ReferenceText.IsBareWord(image.Text) ? image
                : name is not null && IsPrefixed(repository.Text) ? name : null;
            return ImageKeys.IsImage(_key) || hasVersion || (_node.FindWritten("tag") is not null && _node.FindWritten("registry") is not null)
                ? Take(repository, more) : null;
        }

        if (image is not null)
        {
            return ReferenceText.IsBareWord(image.Text) && Scalar("registry") is null && Default("registry") is null ? null
                : _node.FindWritten("tag") is not null || _node.FindWritten("digest") is not null || Scalar("registry") is not null ? Take(image, null) : null;
        }

        return name is not null && ImageKeys.IsImage(_key)
            && (hasVersion || _node.FindWritten("repository") is not null || Scalar("registry") is not null) ? TakeNamed(name) : null;
    }

    private bool IsPrefixed(string repository) =>
        ImageKeys.IsImage(_key) && _node.FindWritten("registry") is not null && !repository.Contains("/") && !ReferenceText.HasHost(repository)
            && _node.FindWritten("tagPrefix") is not null;

    private string Take(SourceNode name, SourceNode? more)
    {
        _name = name;
        if (more is not null)
        {
            return name.Text.TrimEnd('/') + "/" + more.Text;
        }

        AddPart(FoundPartKind.Repository, name);
        return name.Text;
    }

    // Below a repository, or namespace, that is said once for all (cert-manager, Strimzi).
    private string TakeNamed(SourceNode name)
    {
        _name = name;
        var path = _chart.Text("imageNamespace") ?? _chart.Text("defaultImageRepository");
        if (path is not null && _node.FindWritten("repository") is not null && !name.Text.Contains("/"))
        {
            return path + "/" + name.Text;
        }

        AddPart(FoundPartKind.Repository, name);
        return name.Text;
    }

    private string AddRegistry(string name)
    {
        var written = _node.FindWritten("registry");
        if (written is { IsScalar: true })
        {
            AddPart(FoundPartKind.Registry, written);
        }

        var registry = Scalar("registry")?.Text ?? Default("registry");
        var global = _chart.Text("global", "imageRegistry");
        if (global is not null && written is not null)
        {
            _note = "the registry is global.imageRegistry";
            registry = global;
        }
        else if (written is null && Default("registry") is { } fallback && !ReferenceText.HasHost(name))
        {
            _note = "the registry is said for all images at the top of the values";
            registry = fallback;
        }

        return registry is null || ReferenceText.HasHost(name) ? AddCattle(name, registry) : registry.TrimEnd('/') + "/" + name;
    }

    // Rancher's own charts have one registry before every name.
    private string AddCattle(string name, string? registry) =>
        registry is null && _chart.Text("global", "cattle", "systemDefaultRegistry") is { } cattle && !ReferenceText.HasHost(name)
            ? cattle.TrimEnd('/') + "/" + name : name;

    private string? Default(string key) =>
        _node.TextOf("defaultRegistry") ?? _chart.Text("global", "image", key) ?? _chart.Text("imageRegistry") ?? _chart.Text("defaultImageRegistry");

    private string? AddVersion(string name)
    {
        var (tag, digest) = (FindTag(), FindDigest());
        foreach (var key in new[] { "tag", "version", "digest", "sha" })
        {
            if (_node.FindWritten(key) is { IsScalar: true } part)
            {
                AddPart(key is "tag" or "version" ? FoundPartKind.Tag : FoundPartKind.Digest, part);
            }
        }

        var text = tag?.Text;
        if (text is not null && text.StartsWith("sha256:", StringComparison.Ordinal))
        {
            (digest, text) = (text, null);
        }

        if (text is null && digest is null)
        {
            text = FindDefaultTag();
        }
        else if (text is not null && _node.TextOf("variant") is { } variant && !text.EndsWith("-" + variant, StringComparison.Ordinal))
        {
            text += "-" + variant;
        }

        return name + (text is null ? string.Empty : ":" + text) + (digest is null ? string.Empty : "@" + digest);
    }

    private string? FindDefaultTag()
    {
        if (_node.FindWritten("tagPrefix") is not null && _node.FindWritten("tag") is null)
        {
            _doubt = "templates make the tag of a prefix and a version";
            return null;
        }

        if (_chart.Text("defaultImageTag") is { } tag)
        {
            _note = "the tag is defaultImageTag";
            return tag;
        }

        if (_chart.AppVersion is null)
        {
            _doubt = "no tag is set; the chart takes its appVersion, which isn't known here";
            return null;
        }

        if (_chart.VersionPrefix is null)
        {
            _doubt = "no tag is set, and the chart's templates take its appVersion both with and without 'v'";
        }

        _note = "no tag is set: it is the chart's appVersion";
        return _chart.VersionPrefix + _chart.AppVersion.Replace('+', '-');
    }

    // A name whose end templates add (Cilium's operator, one for each cloud).
    private string? FindDoubt() =>
        _node.FindWritten("suffix") is not null && FindDigest() is null && _node.Pairs.Any(p => p.Key.EndsWith("Digest", StringComparison.Ordinal))
            ? "templates add to the name" : null;

    private SourceNode? FindTag() => Scalar("tag") ?? Scalar("version") ?? Scalar("imageTag");

    private string? FindDigest()
    {
        var digest = Scalar("digest")?.Text ?? Scalar("sha")?.Text ?? Scalar("sha256")?.Text;
        if (digest is null || _node.TextOf("useDigest") is "false")
        {
            return null;
        }

        return digest.Contains(":") ? digest : Digest.TryParse("sha256:" + digest, out _, out _) ? "sha256:" + digest : null;
    }

    // A piece in another file than the name's can't be told of by one place.
    private void AddPart(FoundPartKind kind, SourceNode node)
    {
        if (node.Source.FirstLine == 0 || node.Source.Path != _name!.Source.Path || node.Source.Entry != _name.Source.Entry)
        {
            return;
        }

        var text = WrittenText.Of(node);
        if (node.Style == SourceStyle.Empty || (text.Value.Length == 0 && node.Length == 0))
        {
            if (node.Source.InFile(node.Start, 0) is { } empty)
            {
                _parts.Add(new FoundPart(kind, empty, 0, string.Empty, node.Style));
            }
        }
        else if (text.Whole is { } place)
        {
            _parts.Add(new FoundPart(kind, place.Outer, place.Length, node.IsNull ? string.Empty : text.Value, node.Style));
        }
    }

    private SourceNode? Scalar(string key) => _node.Find(key) is { IsScalar: true, Text.Length: > 0 } value ? value : null;
}
