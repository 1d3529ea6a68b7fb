namespace OciSync.Core.Auth;

/// <summary>A bearer token and the moment from which a new one is fetched.</summary>
internal sealed record Token(string Text, DateTimeOffset RenewAt)
{
    public override string ToString() => "token";
}
