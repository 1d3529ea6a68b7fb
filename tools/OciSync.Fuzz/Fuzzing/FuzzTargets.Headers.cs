using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Http;
using OciSync.Core.Registry;

namespace OciSync.Fuzzing;

/// <summary>What a server says in headers and in answers of its own.</summary>
internal static partial class FuzzTargets
{
    private static readonly Uri Page = new("https://registry.corp.local/v2/a/tags/list?n=100");

    private static IEnumerable<FuzzTarget> Headers() =>
    [
        new("challenge", FuzzInput.Near(
            "Bearer realm=\"https://auth.test/token\",service=\"registry.test\",scope=\"repository:a:pull,push\",error=\"insufficient_scope\"",
            "Basic realm=\"x\\\"y\"", "Negotiate, Basic realm=a , Bearer realm = \"b\""), TryChallenge),
        new("link", FuzzInput.Near(
            "</v2/a/tags/list?last=x&n=100>; rel=\"next\"",
            "<https://elsewhere.test/x>; rel=next",
            "<?last=b>; rel=\"next\"",
            "<file:///etc/passwd>; rel=\"next\""), TryLink),
        new("location header",
            FuzzInput.Near("/v2/a/blobs/uploads/1?_state=x", "https://b.test:443/u", "//c.test/d", "?x=1", "uploads/2", "file:///etc/passwd"), TryTarget),
        new("quota headers", FuzzInput.Near("100;w=21600", "1700000000", "60"), input =>
            QuotaReader.Read(_ => Text(input), "alice", DateTimeOffset.UnixEpoch)),
        new("tag list", FuzzInput.Near("""{"name":"a","tags":["1","2.0","x"],"more":{"tags":[1]}}""", """{"tags":null}"""), TryPage),
        new("end of a token", FuzzInput.Near("e30.eyJleHAiOjE5MDAwMDAwMDB9.x", "e30.e30.x", "a.b.c"), TryTokenEnd),
        new("token answer",
            FuzzInput.Near("""{"token":"abc.def","expires_in":300,"issued_at":"2024-01-01T00:00:00Z"}""", """{"access_token":"x"}"""), TryToken),
        new("error body", FuzzInput.Near(
            """{"errors":[{"code":"NAME_UNKNOWN","message":"no","detail":{"a":1}},{"code":"DENIED","detail":"x"}]}""",
            "<html>502</html>",
            "404 page not found"), TryErrorBody),
    ];

    private static void TryChallenge(byte[] input)
    {
        foreach (var challenge in ChallengeParser.Parse([Text(input)]))
        {
            Require(challenge.Scheme.Length > 0, "a challenge has a scheme");
            _ = (challenge.IsBasic, challenge.IsBearer, challenge.Realm, challenge.Service, challenge.Scope, challenge.Error);
        }
    }

    private static void TryLink(byte[] input) => Allow(
        () =>
        {
            var next = PageLink.FindNext(Page, [Text(input)]);
            Require(next is null || RedirectRules.KeepsAuthorization(Page, next), "a next page is at the same host");
        },
        OciErrorKind.ProtocolError);

    private static void TryTarget(byte[] input)
    {
        try
        {
            var target = RegistryUris.Resolve(Page, Text(input));
            Require(target.Scheme is "http" or "https", "an address is http");
            _ = RedirectRules.FindFault(Page, target);
            _ = RegistryUris.Redact(target);
        }
        catch (UriFormatException)
        {
            // No address.
        }
    }

    private static void TryPage(byte[] input) => Allow(() => NamePage.Read(input, "tags", [], "registry.test/a"), OciErrorKind.ProtocolError);

    // Whatever a token looks like: it says its end, or nothing.
    private static void TryTokenEnd(byte[] input) =>
        Require(RegistryCredential.FromRegistryToken(Text(input)).FindEnd() is not { } end || end > DateTimeOffset.UnixEpoch, "an end is after the beginning");

    private static void TryToken(byte[] input) => Allow(
        () => _ = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", TokenAnswer.Read(input, DateTimeOffset.UnixEpoch, "registry.test").Text),
        OciErrorKind.ProtocolError);

    private static void TryErrorBody(byte[] input)
    {
        var (codes, text) = RegistryErrorBody.Read(input, said => said.Replace("alice", "***", StringComparison.Ordinal));
        RequireShowable(text);
        Require(text.Length <= 400 && codes.Count <= 20, "a failure's words are short");
        foreach (var code in codes)
        {
            RequireShowable(code);
        }
    }
}
