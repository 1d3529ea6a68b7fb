using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>Kustomize's texts <c>[old=]new[:tag|@digest]</c>, as Argo CD has them in lists.</summary>
internal static class ImageString
{
    internal static void Add(SourceNode item, FoundImages found)
    {
        var candidate = new Candidate(FindRules.Kustomize, item, item.Text.IndexOf('=') + 1) { IsGuess = true };
        found.Add(candidate with
        {
            Doubt = ReferenceText.HasVersion(candidate.Text.Value) ? null : "only the name is replaced; the tag stands in the resources",
        });
    }
}
