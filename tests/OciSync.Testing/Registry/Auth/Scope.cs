namespace OciSync.Testing.Registry.Auth;

/// <summary>One <c>type:name:action,action</c> of the token protocol.</summary>
internal sealed record Scope(string Type, string Name, IReadOnlyList<string> Actions)
{
    internal static Scope Repository(string name, params string[] actions) => new("repository", name, actions);

    internal static readonly Scope Catalog = new("registry", "catalog", ["*"]);

    internal static Scope? TryParse(string text)
    {
        var first = text.IndexOf(':');
        var last = text.LastIndexOf(':');
        return first > 0 && last > first
            ? new Scope(text[..first], text[(first + 1)..last], text[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries))
            : null;
    }

    internal bool Covers(Scope wanted) => Type == wanted.Type && Name == wanted.Name && wanted.Actions.All(Actions.Contains);

    public override string ToString() => $"{Type}:{Name}:{string.Join(',', Actions)}";
}
