namespace OciSync.Core.Finding.Kubernetes;

/// <summary>Kinds that name no images to be pulled though they look as if they did.</summary>
internal static class KindRules
{
    private static readonly HashSet<string> NoImages = new(StringComparer.Ordinal)
    {
        // Values that can't be images, caches, the past.
        "Secret", "Node", "Event", "ControllerRevision", "ImageReview", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",

        // Flux: repositories to be scanned; OpenShift, Docker Hub: what stands for what.
        "ImageRepository", "ImagePolicy", "ImageUpdateAutomation", "ImageContentSourcePolicy", "ImageDigestMirrorSet", "ImageTagMirrorSet",
        "ClusterImagePolicy",
    };

    // Patterns for names.
    private static readonly string[] PolicyGroups =
        ["kyverno.io", "constraints.gatekeeper.sh", "templates.gatekeeper.sh", "admissionregistration.k8s.io", "policy.sigstore.dev", "config.openshift.io"];

    private static readonly string[] OperatorGroups =
    [
        "elasticsearch.k8s.elastic.co", "kibana.k8s.elastic.co", "apm.k8s.elastic.co", "beat.k8s.elastic.co", "agent.k8s.elastic.co",
        "logstash.k8s.elastic.co", "enterprisesearch.k8s.elastic.co", "maps.k8s.elastic.co", "monitoring.coreos.com", "postgresql.cnpg.io",
    ];

    private static readonly HashSet<string> OperatorKinds = new(StringComparer.Ordinal)
    {
        "Elasticsearch", "Kibana", "ApmServer", "Beat", "Agent", "Logstash", "EnterpriseSearch", "ElasticMapsServer", "Prometheus", "Alertmanager",
        "ThanosRuler", "Cluster",
    };

    /// <summary>Whether nothing of an object is looked at.</summary>
    internal static bool HasNoImages(string? kind, string? apiVersion) =>
        (kind is not null && NoImages.Contains(kind)) || PolicyGroups.Any(g => IsGroup(apiVersion, g));

    /// <summary>Whether an operator chooses the image of an object that names none, by a version or by itself.</summary>
    internal static bool IsNamedByOperator(string? kind, string? apiVersion) =>
        kind is not null && OperatorKinds.Contains(kind) && OperatorGroups.Any(g => IsGroup(apiVersion, g));

    // group/version, and groups below it.
    private static bool IsGroup(string? apiVersion, string group)
    {
        var name = apiVersion?.Split('/')[0];
        return name == group || name?.EndsWith("." + group, StringComparison.Ordinal) == true;
    }
}
