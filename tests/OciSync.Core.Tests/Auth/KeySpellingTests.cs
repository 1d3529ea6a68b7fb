namespace OciSync.Core.Tests.Auth;

/// <summary>One registry under several names in one file, as docker's, podman's and older tools leave it.</summary>
public sealed class KeySpellingTests : IDisposable
{
    private readonly AuthHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("""{"r.test:5000": GOOD, "https://r.test:5000": {}}""")]
    [InlineData("""{"https://r.test:5000": {}, "r.test:5000": GOOD}""")]
    [InlineData("""{"r.test:5000": GOOD, "https://r.test:5000": {"email": "a@example.com"}}""")]
    [InlineData("""{"r.test:5000": GOOD, "https://r.test:5000/v1/": OTHER}""")]
    [InlineData("""{"https://r.test:5000/v1/": OTHER, "r.test:5000": GOOD}""")]
    [InlineData("""{"r.test:5000": {}, "http://r.test:5000": {"email": "x"}, "https://r.test:5000": GOOD}""")]
    [InlineData("""{"https://r.test:5000/": GOOD, "http://r.test:5000": OTHER}""")]
    [InlineData("""{"https://r.test:5000": {"auth": "***"}, "r.test:5000": GOOD}""")]
    public async Task The_registry_s_own_name_goes_first_and_an_entry_without_a_login_hides_none(string auths)
    {
        _home.WriteDocker($"{{\"auths\": {Fill(auths)} }}");
        Assert.Equal("good", (await _home.FindAsync("r.test:5000", "team/app"))?.Logins.Current.Username);
    }

    [Fact]
    public async Task A_namespace_without_a_login_in_one_spelling_has_it_in_the_other()
    {
        _home.WriteDocker($"{{\"auths\": {Fill("""{"r.test/team": {}, "https://r.test/team": GOOD, "r.test": OTHER}""")} }}");
        Assert.Equal("good", (await _home.FindAsync("r.test", "team/app"))?.Logins.Current.Username);
        Assert.Equal("other", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
    }

    [Theory]
    [InlineData("""{"r.test": "good", "https://r.test": "other"}""")]
    [InlineData("""{"https://r.test": "other", "r.test": "good"}""")]
    [InlineData("""{"https://r.test": "good", "http://r.test": "other"}""")]
    public async Task The_helper_of_the_registry_s_own_name_goes_first(string helpers)
    {
        _home.WriteHelper("good", """echo '{"Username":"good","Secret":"s"}'""");
        _home.WriteHelper("other", """echo '{"Username":"other","Secret":"s"}'""");
        _home.WriteDocker($"{{\"credHelpers\": {helpers} }}");
        Assert.Equal("good", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
    }

    [Fact]
    public async Task Each_spelling_that_a_store_lists_is_asked_for()
    {
        _home.WriteHelper("store", """
            if [ "$1" = list ]; then echo '{"http://r.test":"","https://r.test":"u"}'; exit 0; fi
            read -r server
            case "$server" in
              https://r.test) echo '{"Username":"good","Secret":"s"}';;
              *) echo 'credentials not found in native keychain'; exit 1;;
            esac
            """);
        _home.WriteDocker("""{"credsStore": "store"}""");
        Assert.Equal("good", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
    }

    private static string Fill(string auths) =>
        auths.Replace("GOOD", Login("good"), StringComparison.Ordinal).Replace("OTHER", Login("other"), StringComparison.Ordinal);

    private static string Login(string user) => $$"""{"auth": "{{AuthHome.Encode(user + ":x")}}"}""";
}
