namespace OciSync.Core.Finding.Documents;

/// <summary>Whose rules for <c>$NAME</c> and <c>${NAME}</c> apply.</summary>
internal enum VariableSyntax
{
    /// <summary>Compose (compose-spec, "Interpolation"): <c>$$</c> is a dollar.</summary>
    Compose,

    /// <summary>Dockerfiles (BuildKit, "Environment replacement"): <c>\$</c> is a dollar.</summary>
    Dockerfile,

    /// <summary>GitLab CI ("Where variables can be used"): <c>$$</c> is a dollar, and there are no defaults.</summary>
    GitLab,
}
