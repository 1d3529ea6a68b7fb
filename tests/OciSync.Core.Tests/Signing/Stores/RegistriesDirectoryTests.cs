using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>What registries.d says of an image, as skopeo reads it.</summary>
public sealed class RegistriesDirectoryTests
{
    private const string Image = "reg.example.test:5000/team/app:1.0";

    [Theory]
    [InlineData("docker: {'reg.example.test:5000': {lookaside: 'file:///a'}}", "file:///a")]
    [InlineData("docker: {reg.example.test:5000/team: {lookaside: 'file:///a'}}", "file:///a")]
    [InlineData("docker: {reg.example.test:5000/team/app: {lookaside: 'file:///a'}}", "file:///a")]
    [InlineData("docker: {'reg.example.test:5000/team/app:1.0': {lookaside: 'file:///a'}}", "file:///a")]
    [InlineData("docker: {'reg.example.test:5000/team/app:2.0': {lookaside: 'file:///a'}}", null)]
    [InlineData("docker: {'*.example.test': {lookaside: 'file:///a'}}", "file:///a")]
    [InlineData("docker: {'*.test': {lookaside: 'file:///a'}}", "file:///a")]
    [InlineData("docker: {reg.example.test: {lookaside: 'file:///a'}}", null)]
    [InlineData("docker: {reg.example.test:5000/tea: {lookaside: 'file:///a'}}", null)]
    [InlineData("docker: {'reg.example.test:5000/team/': {lookaside: 'file:///a'}}", null)]
    [InlineData("default-docker: {lookaside: 'file:///a'}", "file:///a")]
    [InlineData("default-docker: {sigstore: 'file:///a'}", "file:///a")]
    [InlineData("default-docker: {sigstore: 'file:///a', lookaside: 'file:///b'}", "file:///b")]
    [InlineData("default-docker: {lookaside-staging: 'file:///a'}", null)]
    [InlineData("docker: {'reg.example.test:5000': {lookaside: 'file:///a'}}\ndefault-docker: {lookaside: 'file:///b'}", "file:///a")]
    [InlineData("docker: {'reg.example.test:5000': {lookaside: 'file:///a'}, reg.example.test:5000/team/app: {lookaside: 'file:///b'}}", "file:///b")]
    [InlineData("docker: {'reg.example.test:5000': {lookaside: 'file:///a'}, reg.example.test:5000/team/app: {use-sigstore-attachments: true}}", "file:///a")]
    [InlineData("docker: {'reg.example.test:5000': {lookaside: 'file:///a'}, reg.example.test:5000/team/app: }", "file:///a")]
    [InlineData("docker: {'reg.example.test:5000': {lookaside: 'file:///a', unknown: {x: [1]}}}\nalso: 1", "file:///a")]
    [InlineData("docker:\n", null)]
    [InlineData("", null)]
    [InlineData("# nothing\n", null)]
    public void The_narrowest_scope_that_names_a_place_decides(string yaml, string? place)
    {
        var found = Find(yaml);
        Assert.Equal(place ?? "file:///built-in", found.Lookaside.Text);
    }

    [Theory]
    [InlineData("default-docker: {lookaside: 'file:///a', lookaside-staging: 'file:///b'}", "file:///a", "file:///b")]
    [InlineData("default-docker: {lookaside: 'file:///a', sigstore-staging: 'file:///b'}", "file:///a", "file:///b")]
    [InlineData("default-docker: {lookaside: 'file:///a'}", "file:///a", "file:///a")]
    [InlineData("default-docker: {lookaside-staging: 'file:///a', sigstore-staging: 'file:///b'}", "file:///built-in", "file:///a")]
    [InlineData(
        "docker: {reg.example.test:5000/team: {lookaside: 'file:///a'}, 'reg.example.test:5000': {lookaside-staging: 'file:///b'}}", "file:///a", "file:///a")]
    public void Staging_is_where_signatures_are_written(string yaml, string read, string write)
    {
        var found = Find(yaml);
        Assert.Equal((read, write), (found.Lookaside.Text, found.Staging.Text));
    }

    [Theory]
    [InlineData("default-docker: {use-sigstore-attachments: true}", true, 1)]
    [InlineData("docker: {'reg.example.test:5000':\n  {use-sigstore-attachments: false}}\ndefault-docker: {use-sigstore-attachments: true}", false, 2)]
    [InlineData("docker: {'reg.example.test:5000': {lookaside: 'file:///a'}}", false, 0)]
    public void Attachments_are_off_until_a_scope_switches_them_on(string yaml, bool on, int line)
    {
        var found = Find(yaml);
        Assert.Equal((on, line), (found.UseAttachments, found.AttachmentsPlace?.Line ?? 0));
    }

    [Theory]
    [InlineData("docker: [", "line")]
    [InlineData("docker: {a.test: {}}\ndocker: {b.test: {}}", "line 2")]
    [InlineData("docker:\n  a.test: {lookaside: 'file:///a', lookaside: 'file:///b'}", "line 2")]
    [InlineData("docker:\n  a.test: {lookaside: [x]}", "line 2")]
    [InlineData("docker:\n  a.test: {use-sigstore-attachments: maybe}", "line 2")]
    [InlineData("docker:\n  a.test: text", "line 2")]
    [InlineData("docker: [a]", "line 1")]
    [InlineData("text", "line 1")]
    public void What_is_wrong_is_told_with_file_and_line_for_all_images(string yaml, string place)
    {
        using var run = new StoreRun();
        run.Say(yaml, "z.yaml");
        var failure = Assert.Throws<OciException>(() => RegistriesDirectory.Load(run.Options));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("z.yaml", failure.Message, StringComparison.Ordinal);
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker: {a.test: {lookaside: 'file:///a'}}")]
    [InlineData("default-docker: {lookaside: 'file:///a'}")]
    public void A_scope_is_in_one_file_alone(string yaml)
    {
        using var run = new StoreRun();
        run.Say(yaml, "one.yaml").Say("# first\n" + yaml, "two.yaml");
        var failure = Assert.Throws<OciException>(() => RegistriesDirectory.Load(run.Options));
        Assert.Contains("one.yaml', line 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("two.yaml', line 2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_files_of_one_folder_count_and_nothing_else_of_it()
    {
        using var run = new StoreRun();
        run.Say("docker: {a.test: {lookaside: 'file:///a'}}", "a.yaml").Say("docker: {b.test: {lookaside: 'file:///b'}}", "b.yaml")
            .Say("docker: {c.test: {lookaside: 'file:///c'}}", "c.yml").Say("not: [yaml", "notes.txt");
        Directory.CreateDirectory(Path.Combine(run.Folder["registries.d"], "sub"));
        run.Say("docker: {d.test: {lookaside: 'file:///d'}}", "sub/d.yaml");
        var directory = RegistriesDirectory.Load(run.Options);
        var found = "abcd".Select(name => directory.Find(ScopesOf($"{name}.test/x:1")).Lookaside.Path is null ? '-' : name);
        Assert.Equal("ab--", string.Concat(found));
    }

    [Fact]
    public void The_users_folder_stands_before_the_machines_and_the_named_one_before_both()
    {
        using var run = new StoreRun();
        var user = Path.Combine(run.Home, ".config", "containers", "registries.d");
        Assert.Equal(user, RegistriesDirectory.Places(run.Options)[0]);
        Directory.CreateDirectory(user);
        File.WriteAllText(Path.Combine(user, "a.yaml"), "default-docker: {lookaside: 'file:///user'}");
        Assert.Equal((user, "file:///user"), (RegistriesDirectory.Load(run.Options).Path, Load(run)));
        run.Say("default-docker: {lookaside: 'file:///named'}");
        Assert.Equal("file:///named", Load(run));
    }

    [Fact]
    public void A_folder_that_was_named_has_to_be_there()
    {
        using var run = new StoreRun();
        var failure = Assert.Throws<OciException>(
            () => RegistriesDirectory.Load(run.Options with { RegistriesDirectoryPath = run.Folder["nowhere"] }));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_word_signatures_are_where_podman_keeps_them()
    {
        using var run = new StoreRun();
        Directory.CreateDirectory(run.Folder["registries.d"]);
        Assert.Equal(new Uri(Path.Combine(run.Home, ".local/share/containers/sigstore")).AbsoluteUri, Load(run));
        var root = run.Options with { Places = run.Options.Places with { UserId = 0 } };
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a root");
        Assert.Equal("file:///var/lib/containers/sigstore", RegistriesDirectory.Load(root).Find([]).Lookaside.Text);
    }

    private static string Load(StoreRun run) => RegistriesDirectory.Load(run.Options).Find([]).Lookaside.Text;

    private static SignatureSettings Find(string yaml) =>
        RegistriesDirectoryReader.ReadText("a.yaml", yaml, new PlacedText("file:///built-in", null, 0)).Find(ScopesOf(Image));

    private static IReadOnlyList<string> ScopesOf(string image) => PolicySubject.Of(ImageLocation.Parse(image)).Scopes;
}
