using OciSync.Core.Errors;
using OciSync.Core.Finding.Charts;
using OciSync.Core.Finding.Compose;
using OciSync.Core.Finding.Dockerfiles;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Finding.Kubernetes;
using OciSync.Core.Finding.Pipelines;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding;

/// <summary>Reads the documents of one text by what each is. One reader reads a file from its beginning to its end.</summary>
internal sealed class DocumentReader
{
    private const int LongDocument = 32 * 1024;
    private const int ShortestDocument = 12;

    private static readonly string[] Marks = ["mage", "MAGE", "repository", "docker://", "oci://", "package", "services", "uses", "script", "elastic"];

    private readonly FindOptions _options;
    private readonly FoundImages _found;
    private readonly FileFormat _format;
    private readonly ChartFacts _chart;
    private readonly Func<string, string?> _variables;
    private readonly GitLabReader _gitLab;
    private readonly List<OciException> _failures = [];
    private readonly List<string> _notes = [];
    private bool _isKnown;

    /// <param name="options">How.</param>
    /// <param name="format">What the file is by its name.</param>
    /// <param name="chart">Of values, what their chart says.</param>
    /// <param name="variables">Of compose files, the value of a variable.</param>
    internal DocumentReader(FindOptions options, FileFormat format, ChartFacts? chart = null, Func<string, string?>? variables = null)
    {
        _options = options;
        _found = new FoundImages(options.IsOff);
        _format = format;
        _chart = chart ?? ChartFacts.None;
        _variables = variables ?? options.Environment;
        _gitLab = new GitLabReader(_found);
    }

    /// <summary>What was found so far; the reader forgets it.</summary>
    internal FindOutcome Take(string? path)
    {
        var outcome = new FindOutcome
        {
            Path = path,
            Images = _found.Images.ToArray(),
            Warnings = _found.Warnings.ToArray(),
            Failures = _failures.ToArray(),
            Notes = _notes.ToArray(),
            IsKnown = _isKnown,
        };
        _found.Images.Clear();
        _found.Warnings.Clear();
        _failures.Clear();
        _notes.Clear();
        return outcome;
    }

    /// <summary>Reads a whole text.</summary>
    internal void Read(SourceText source, CancellationToken cancellationToken)
    {
        if (_format == FileFormat.Dockerfile)
        {
            ReadDockerfile(source);
            return;
        }

        Read(source, 0, source.Text.Length, cancellationToken);
    }

    /// <summary>Reads a text that is a Dockerfile.</summary>
    internal void ReadDockerfile(SourceText source)
    {
        _isKnown = true;
        DockerfileReader.Read(source, _found);
    }

    /// <summary>Reads the documents of a stretch of a text, which begins where a document does.</summary>
    internal void Read(SourceText source, int from, int to, CancellationToken cancellationToken)
    {
        foreach (var (start, length) in DocumentSplitter.Split(source.Text, from, to))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_format == FileFormat.Template)
            {
                ScanTemplate(source, start, length);
            }
            else if (length < ShortestDocument || source.Text.IndexOf(':', start, length) < 0)
            {
                // Nothing that names an image, and too many of them for a parser each.
                continue;
            }
            else if (_format != FileFormat.Document || length < LongDocument || MayHaveImages(source.Text, start, length))
            {
                ReadStretch(source, start, length, cancellationToken);
            }
        }
    }

    /// <summary>Reads a value that is there already: an object of PowerShell.</summary>
    internal void Read(SourceNode root) => ReadDocument(root);

    // Looking for a word is many times cheaper than reading a long document; what is short is read, so that what is broken in it is told.
    private static bool MayHaveImages(string text, int start, int length) =>
        Array.Exists(Marks, mark => text.IndexOf(mark, start, length, StringComparison.Ordinal) >= 0);

    private void ReadStretch(SourceText source, int start, int length, CancellationToken cancellationToken)
    {
        var isTemplate = false;
        try
        {
            void OnDocument(SourceNode root)
            {
                isTemplate |= root.HasOddKey && HasTemplate(source.Text, start, length);
                if (!isTemplate)
                {
                    ReadDocument(root);
                }
            }

            if (EmbeddedDocument.IsJson(source.Text, start, length))
            {
                SourceJson.Read(source, start, length, ItemReader(source, start, length, cancellationToken), OnDocument);
            }
            else
            {
                SourceYaml.Read(source, start, length, ItemReader(source, start, length, cancellationToken), OnDocument);
            }
        }
        catch (SourceFaultException e)
        {
            isTemplate = !e.IsLimit && HasTemplate(source.Text, start, length);
            if (!isTemplate)
            {
                Tell(source, e);
            }
        }

        if (isTemplate)
        {
            _notes.Add($"{source.Path ?? "The input"} is a template; its lines were looked at one by one.");
            ScanTemplate(source, start, length);
        }
    }

    private void Tell(SourceText source, SourceFaultException fault)
    {
        if (!fault.IsLimit)
        {
            _found.Warn(source, fault.Offset, fault.Message);
            return;
        }

        var (line, column) = source.PlaceOf(fault.Offset);
        _failures.Add(FileText.Invalid($"{source.Path ?? "The input"}({line},{column})", fault.Message.TrimEnd('.')));
    }

    private static bool HasTemplate(string text, int start, int length) => text.IndexOf("{{", start, length, StringComparison.Ordinal) >= 0;

    private void ScanTemplate(SourceText source, int start, int length)
    {
        _isKnown = true;
        (_found.Kind, _found.Name) = ("template", _chart.Name);
        var scanner = new TemplateScanner(source, _found);
        scanner.Scan(start, length);
        if (scanner.Rendered > 0)
        {
            ChartReader.AddRendered(_found, source, scanner.FirstRendered, scanner.Rendered);
        }
    }

    // A long list of kubectl's tells its kind behind its items: it is looked up before.
    private Action<SourceNode, int> ItemReader(SourceText source, int start, int length, CancellationToken cancellationToken)
    {
        string? kind = null;
        return (item, index) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            kind ??= ListKind.Find(source.Text, start, length) ?? string.Empty;
            _isKnown = true;
            _found.Path.Push("items");
            _found.Path.Push(index);
            new KubernetesReader(_found).ReadItem(item, kind);
            _found.Path.Pop();
            _found.Path.Pop();
        };
    }

    private void ReadDocument(SourceNode root)
    {
        if (root.Kind == YamlKind.Sequence)
        {
            // Several objects, as ConvertFrom-Json gives them.
            _found.Path.ForEach(root, item =>
            {
                if (KubernetesReader.IsObject(item))
                {
                    ReadObject(item);
                }
            });
            return;
        }

        if (root.Kind != YamlKind.Mapping)
        {
            return;
        }

        (_found.Kind, _found.Name) = (null, null);
        switch (_format)
        {
            case FileFormat.Values:
                _isKnown = true;
                (_found.Kind, _found.Name) = ("values", _chart.Name);
                ValuesReader.Read(root, _chart, _found);
                break;
            case FileFormat.GitHub:
                _isKnown = true;
                GitHubReader.Read(root, _found);
                break;
            case FileFormat.GitLab:
                _isKnown = true;
                _gitLab.Read(root);
                break;
            case FileFormat.Compose:
                _isKnown = true;
                new ComposeReader(_found, _variables).Read(root);
                break;
            case FileFormat.Kustomization:
                _isKnown = true;
                new KustomizationReader(_found, ReadObject).Read(root);
                break;
            default:
                ReadByContent(root);
                break;
        }
    }

    private void ReadByContent(SourceNode root)
    {
        if (KubernetesReader.IsObject(root))
        {
            ReadObject(root);
        }
        else if (ComposeReader.IsCompose(root))
        {
            _isKnown = true;
            new ComposeReader(_found, _variables).Read(root);
        }
        else if (GitHubReader.IsGitHub(root))
        {
            _isKnown = true;
            GitHubReader.Read(root, _found);
        }
        else if (GitLabReader.IsGitLab(root))
        {
            _isKnown = true;
            _gitLab.Read(root);
        }
    }

    private void ReadObject(SourceNode root)
    {
        _isKnown = true;
        new KubernetesReader(_found).Read(root);
    }
}
