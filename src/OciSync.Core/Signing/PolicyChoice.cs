namespace OciSync.Core.Signing;

/// <summary>Which entry of a policy applies to an image.</summary>
/// <param name="Scope">The scope; <c>""</c> for what applies to the rest of a transport, null for what applies to everything else.</param>
/// <param name="Requirements">What the image has to satisfy, all of it.</param>
internal sealed record PolicyChoice(string? Scope, IReadOnlyList<PolicyRequirement> Requirements)
{
    /// <summary>The scope as users see it: <c>default</c>, or <c>""</c> as in the file.</summary>
    internal string Text => Scope switch { null => "default", "" => "\"\"", _ => Scope };
}
