using OciSync.Core.SyncFiles;

namespace OciSync.Core.Tests.Syncing.Documents;

/// <summary>Files of skopeo sync as skopeo reads them: what stands in the key of a registry, and whose expressions these are.</summary>
public sealed class SkopeoKeysTests
{
    [Theory]
    [InlineData("r.test:5000/team", "r.test:5000/team/app", "r.test:5000", "team")]
    [InlineData("r.test/a/b/", "r.test/a/b/app", "r.test", "a/b")]
    [InlineData("r.test", "r.test/app", "r.test", "")]
    [InlineData("docker.io", "docker.io/library/app", "docker.io", "")]
    [InlineData("docker.io/team", "docker.io/team/app", "docker.io", "team")]
    [InlineData("team", "docker.io/team/app", "docker.io", "team")]
    public void A_namespace_may_follow_the_registry(string key, string repository, string registry, string place)
    {
        var file = Parse($"\"{key}\":\n  tls-verify: false\n  credentials:\n    username: me\n    password: x\n  images:\n    app: ['1']\n").Require();
        Assert.Equal(repository, Assert.Single(file.Entries).Reference);
        var reached = Assert.Single(file.Registries);
        Assert.Equal((registry, place, false, "me"), (reached.Registry, reached.Namespace, reached.TlsVerify, reached.Credential?.Username));
    }

    [Theory]
    [InlineData("r.test:port/team", "port")]
    [InlineData("r.test/Team", "upper-case")]
    [InlineData("r.test/team:1", "':'")]
    public void What_makes_no_name_is_a_mistake_that_says_why(string key, string fault)
    {
        var mistake = Parse($"\"{key}\":\n  images:\n    app: ['1']\n").Mistakes[0];
        Assert.Equal((1, 1), (mistake.Line, mistake.Column));
        Assert.Contains(fault, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r.test:\n  images-by-tag-regex:\n    a/b: ^[[:digit:]]+$\n", "-IncludeRegex '(?-i)^[\\u0030-\\u0039]+$'")]
    [InlineData("count: 5\nregexp: '[[:upper:]]'\nimages:\n  r.test: [a/b]\n", "-ExcludeRegex '(?-i)[\\u0041-\\u005A]'")]
    public void Expressions_are_Go_s(string text, string choice) =>
        Assert.Contains(choice, Assert.Single(Parse(text).Require().Entries).Choice, StringComparison.Ordinal);

    [Theory]
    [InlineData("r.test:\n  images-by-tag-regex:\n    a/b: '^(?!x)'\n", 3, 10)]
    [InlineData("count: 5\nregexp: '(?=x)'\nimages:\n  r.test: [a/b]\n", 2, 9)]
    public void One_that_Go_refuses_is_a_mistake_with_its_place(string text, int line, int column)
    {
        var mistake = Assert.Single(Parse(text).Mistakes);
        Assert.Equal((line, column), (mistake.Line, mistake.Column));
        Assert.Contains("no regular expression of Go's", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_login_that_sync_image_s_workflow_sets_for_destinations_holds_for_the_file_that_it_wrote()
    {
        var environment = new Dictionary<string, string> { ["DEST_HUB_USERNAME"] = "pusher", ["DEST_HUB_PASSWORD"] = "p" };
        const string Text =
            "dest.test:\n  tls-verify: false\n  images:\n    a/b: ['1']\nown.test:\n  credentials:\n    username: own\n    password: x\n  images:\n    a/b: "
            + "['1']\n";
        var file = SyncFile.Parse("sync.yaml", Text, name => environment.GetValueOrDefault(name));

        var logins = file.RegistriesFor(["dest.test", "own.test", "third.test"])
            .Where(r => r.Credential is not null)
            .Select(r => $"{r.Registry}: {r.Credential}");

        Assert.Equal(["own.test: own", "dest.test: pusher", "third.test: pusher"], logins);
    }

    private static SyncFile Parse(string text) => SyncFile.Parse("sync.yaml", text, _ => null);
}
