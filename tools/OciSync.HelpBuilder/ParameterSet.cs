namespace OciSync.HelpBuilder;

/// <summary>How a parameter stands in one set of parameters.</summary>
internal sealed record ParameterSet(string Name, string Position, bool IsRequired, bool ByValue, bool ByName)
{
    internal string Pipeline => (ByValue, ByName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}
