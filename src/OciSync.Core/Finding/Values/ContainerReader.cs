using OciSync.Core.Finding.Documents;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Values;

/// <summary>The keys of a container that name images beside its own: <c>env</c>, <c>args</c>, <c>command</c>.</summary>
internal sealed class ContainerReader(FoundImages found)
{
    private readonly EnvironmentReader _environment = new(found);

    /// <summary>Reads the value of a key if it is one of these; false where it isn't.</summary>
    internal bool ReadKey(string key, SourceNode value, string? kind)
    {
        if (value.Kind != YamlKind.Sequence || kind == "Service")
        {
            return false;
        }

        switch (key)
        {
            case "env" or "extraEnv" or "extraEnvs" or "envVars" or "extraEnvVars":
                _environment.ReadVariables(value);
                return true;
            case "args" or "command" or "extraArgs":
                _environment.ReadArguments(value);
                return true;
            default:
                return false;
        }
    }
}
