using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>Kinds that name images in ways of their own: Flux, Argo CD, Crossplane.</summary>
internal sealed class CustomKinds(FoundImages found)
{
    private const string Oci = "oci://";

    /// <summary>Reads what is special of an object. False when nothing else in it is to be looked at.</summary>
    internal bool Read(SourceNode node, string kind, string apiVersion)
    {
        switch (kind)
        {
            case "OCIRepository":
                ReadOciRepository(node.Find("spec"));
                return false;
            case "HelmRelease" or "HelmChartConfig" or "HelmChart":
                ReadHelmValues(node);
                return true;
            case "Application" or "ApplicationSet" when apiVersion.StartsWith("argoproj.io/", StringComparison.Ordinal):
                found.Path.Within(node, "spec", ReadSources);
                return false;
            case "Provider" or "Configuration" or "Function" when apiVersion.StartsWith("pkg.crossplane.io/", StringComparison.Ordinal):
                if (node.Find("spec", "package") is { IsScalar: true } package)
                {
                    At(package, FindRules.CrossplanePackage, "spec", "package");
                }

                return false;
            case "Kustomization" when apiVersion.StartsWith("kustomize.toolkit.fluxcd.io/", StringComparison.Ordinal):
                found.Path.Within(node, "spec", new KustomizationReader(found, _ => { }).Read);
                return false;
            default:
                return true;
        }
    }

    private void At(SourceNode node, string rule, params string[] path)
    {
        path.ToList().ForEach(found.Path.Push);
        found.Add(new Candidate(rule, node) { IsGuess = true });
        path.ToList().ForEach(_ => found.Path.Pop());
    }

    private void ReadOciRepository(SourceNode? spec)
    {
        if (spec?.Find("url") is not { IsScalar: true } url || !url.Text.StartsWith(Oci, StringComparison.Ordinal))
        {
            return;
        }

        var name = WrittenText.Of(url).Slice(Oci.Length);
        var (tag, digest) = (spec.Find("ref")?.TextOf("tag"), spec.Find("ref")?.TextOf("digest"));
        var version = digest is not null ? "@" + digest : tag is not null ? ":" + tag : string.Empty;
        found.Path.Push("spec");
        found.Path.Push("url");
        found.Add(new Candidate(FindRules.OciRepository, new WrittenText(name.Value + version, [], url.Style), url.Source, url.Start)
        {
            Written = url.Text,
            IsGuess = true,
            Doubt = version.Length > 0 ? null : "a range of versions chooses the tag",
            Parts = name.Whole is not { } place ? [] : [new FoundPart(FoundPartKind.Repository, place.Outer, place.Length, name.Value, url.Style)],
        });
        found.Path.Pop();
        found.Path.Pop();
    }

    private void ReadHelmValues(SourceNode node) => found.Path.Within(node, "spec", spec =>
    {
        found.Path.Within(spec, "values", ReadValues);
        found.Path.Within(spec, "valuesContent", ReadValues);
    });

    private void ReadSources(SourceNode spec)
    {
        found.Path.Within(spec, "source", ReadSource);
        found.Path.Within(spec, "sources", list => found.Path.ForEach(list, ReadSource));
        found.Path.Within(spec, "template", ReadSources);
        found.Path.Within(spec, "spec", ReadSources);
    }

    private void ReadSource(SourceNode source)
    {
        found.Path.Within(source, "helm", helm =>
        {
            found.Path.Within(helm, "values", ReadValues);
            found.Path.Within(helm, "valuesObject", ReadValues);
        });
        found.Path.Within(source, "kustomize", kustomize => found.Path.Within(
            kustomize, "images", list => found.Path.ForEach(list, item => ImageString.Add(item, found))));
    }

    private void ReadValues(SourceNode values)
    {
        if (values.IsScalar)
        {
            found.Path.PushDocument();
            EmbeddedDocument.TryRead(values, root => ValuesReader.Read(root, ChartFacts.None, found));
            found.Path.Pop();
        }
        else
        {
            ValuesReader.Read(values, ChartFacts.None, found);
        }
    }
}
