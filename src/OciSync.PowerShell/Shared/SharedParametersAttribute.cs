namespace OciSync.PowerShell.Shared;

/// <summary>
/// Has the members of another class written into a cmdlet while it is compiled (tools/OciSync.SharedParameters): what a parameter is stands
/// there once, and the cmdlet names it as a partial property, which gives the order in its syntax. A cmdlet with parameter sets also puts
/// [Parameter(ParameterSetName = …)] on that property, in place of the [Parameter] of the shared one.
/// </summary>
/// <param name="source">The class that declares the parameters.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class SharedParametersAttribute(Type source) : Attribute
{
    /// <summary>The class that declares the parameters.</summary>
    internal Type Source { get; } = source;
}
