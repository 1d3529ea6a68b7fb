namespace OciSync.Core.Finding.Facts;

/// <summary>The names of the rules that find images, by what they read.</summary>
public static class FindRules
{
    internal const string Container = nameof(Container);
    internal const string ImageVolume = nameof(ImageVolume);
    internal const string EnvironmentVariable = nameof(EnvironmentVariable);
    internal const string RelatedImage = nameof(RelatedImage);
    internal const string Argument = nameof(Argument);
    internal const string ConfigMapKey = nameof(ConfigMapKey);
    internal const string Annotation = nameof(Annotation);
    internal const string CustomResource = nameof(CustomResource);
    internal const string CrdDefault = nameof(CrdDefault);
    internal const string TektonBundle = nameof(TektonBundle);
    internal const string ImageStream = nameof(ImageStream);
    internal const string CrossplanePackage = nameof(CrossplanePackage);
    internal const string OciRepository = nameof(OciRepository);
    internal const string OlmBundle = nameof(OlmBundle);
    internal const string HelmValues = nameof(HelmValues);
    internal const string ChartAnnotation = nameof(ChartAnnotation);
    internal const string ChartTemplate = nameof(ChartTemplate);
    internal const string ImagesLock = nameof(ImagesLock);
    internal const string Kustomize = nameof(Kustomize);
    internal const string KustomizePatch = nameof(KustomizePatch);
    internal const string ComposeService = nameof(ComposeService);
    internal const string ComposeVolume = nameof(ComposeVolume);
    internal const string ComposeContext = nameof(ComposeContext);
    internal const string DockerfileFrom = nameof(DockerfileFrom);
    internal const string DockerfileCopy = nameof(DockerfileCopy);
    internal const string DockerfileMount = nameof(DockerfileMount);
    internal const string DockerfileSyntax = nameof(DockerfileSyntax);
    internal const string GitHubContainer = nameof(GitHubContainer);
    internal const string GitHubService = nameof(GitHubService);
    internal const string GitHubStep = nameof(GitHubStep);
    internal const string GitHubAction = nameof(GitHubAction);
    internal const string GitLabImage = nameof(GitLabImage);
    internal const string GitLabService = nameof(GitLabService);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Container, ImageVolume, EnvironmentVariable, RelatedImage, Argument, ConfigMapKey, Annotation, CustomResource, CrdDefault, TektonBundle,
        ImageStream, CrossplanePackage, OciRepository, OlmBundle, HelmValues, ChartAnnotation, ChartTemplate, ImagesLock, Kustomize, KustomizePatch,
        ComposeService, ComposeVolume, ComposeContext, DockerfileFrom, DockerfileCopy, DockerfileMount, DockerfileSyntax, GitHubContainer,
        GitHubService, GitHubStep, GitHubAction, GitLabImage, GitLabService,
    ];
}
