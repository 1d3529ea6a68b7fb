namespace OciSync.Core.Signing;

/// <summary>
/// Reads a policy (containers-policy.json(5)) as strictly as skopeo 1.18: what it refuses is refused here. Names of transports may be any; those
/// that are known have rules for their scopes.
/// </summary>
internal static class PolicyReader
{
    private const string Default = "default";
    private const string Transports = "transports";

    /// <exception cref="PolicyFaultException">It is no policy; the exception tells what is wrong, and where.</exception>
    internal static TrustPolicy Read(byte[] content)
    {
        var root = PlacedJsonReader.Read(content).RequireOnly(Default, Transports);
        var requirements = root.Find(Default) ?? throw root.Fault($"the key {Default} is missing, which says what applies to everything else");
        return new TrustPolicy(ReadRequirements(requirements), root.Find(Transports) is { } transports ? ReadTransports(transports) : []);
    }

    private static Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<PolicyRequirement>>> ReadTransports(PlacedJson transports)
    {
        var read = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<PolicyRequirement>>>(StringComparer.Ordinal);
        foreach (var transport in transports.RequireObject().Items)
        {
            var scopes = new Dictionary<string, IReadOnlyList<PolicyRequirement>>(StringComparer.Ordinal);
            foreach (var scope in transport.RequireObject().Items)
            {
                if (scope.Name!.Length > 0 && ScopeRules.FindFault(transport.Name!, scope.Name) is { } fault)
                {
                    throw scope.Fault(fault);
                }

                scopes.Add(scope.Name, ReadRequirements(scope));
            }

            read.Add(transport.Name!, scopes);
        }

        return read;
    }

    private static List<PolicyRequirement> ReadRequirements(PlacedJson list) => list.RequireList().Count == 0
        ? throw list.Fault("the list of requirements is empty; an image that nothing is asked of has insecureAcceptAnything")
        : [.. list.Items.Select(RequirementReader.Read)];
}
