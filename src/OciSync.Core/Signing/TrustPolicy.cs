namespace OciSync.Core.Signing;

/// <summary>A policy as read: what applies to images by transport and scope, and to everything else.</summary>
/// <param name="Default">What applies where no transport and scope does.</param>
/// <param name="Transports">By transport (<c>docker</c>, <c>dir</c>, …) and scope; the scope <c>""</c> is everything else of the transport.</param>
internal sealed record TrustPolicy(
    IReadOnlyList<PolicyRequirement> Default,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<PolicyRequirement>>> Transports)
{
    /// <summary>The one list that applies to an image: of the narrowest scope that is there. Wider ones are not added to it.</summary>
    internal PolicyChoice Choose(PolicySubject subject)
    {
        if (Transports.TryGetValue(subject.Transport, out var scopes))
        {
            foreach (var scope in subject.Scopes.Append(string.Empty))
            {
                if (scopes.TryGetValue(scope, out var requirements))
                {
                    return new PolicyChoice(scope, requirements);
                }
            }
        }

        return new PolicyChoice(null, Default);
    }
}
