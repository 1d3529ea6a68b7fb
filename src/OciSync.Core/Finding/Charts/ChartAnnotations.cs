using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Charts;

/// <summary>
/// Lists of images in a chart's annotations: <c>artifacthub.io/images</c> (Artifact Hub), <c>helm.sh/images</c> (HIP 15), <c>images</c>
/// (Bitnami). Each is a text that holds a YAML list.
/// </summary>
internal sealed class ChartAnnotations(FoundImages found)
{
    private static readonly string[] Keys = ["artifacthub.io/images", "helm.sh/images", "images"];

    internal void Read(SourceNode chart) => found.Path.Within(chart, "annotations", annotations =>
    {
        foreach (var key in Keys)
        {
            found.Path.Within(annotations, key, value => ReadList(key, value));
        }
    });

    private void ReadList(string key, SourceNode value)
    {
        if (!value.IsScalar)
        {
            found.Warn(value.Source, value.Start, $"The annotation '{key}' has to be a text that holds a list.");
            return;
        }

        found.Path.PushDocument();
        try
        {
            EmbeddedDocument.Read(value, list =>
            {
                if (list.Kind != YamlKind.Sequence)
                {
                    found.Warn(value.Source, value.Start, $"The annotation '{key}' holds no list of images.");
                }

                found.Path.ForEach(list, item => found.Path.Within(item, "image", image => found.Add(new Candidate(FindRules.ChartAnnotation, image)
                {
                    TakesLatest = true,
                })));
            });
        }
        catch (SourceFaultException e)
        {
            found.Warn(value.Source, value.Start, $"The annotation '{key}' holds no list that can be read. {e.Message}");
        }

        found.Path.Pop();
    }
}
