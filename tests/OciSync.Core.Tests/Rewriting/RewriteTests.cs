using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.Core.References;
using OciSync.Core.Rewriting;
using OciSync.Testing;

namespace OciSync.Core.Tests.Rewriting;

/// <summary>Names in files: only their texts change, byte for byte; a second run changes nothing; the record gives back what was there.</summary>
public sealed class RewriteTests : IDisposable
{
    private const string One = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Two = "sha256:2222222222222222222222222222222222222222222222222222222222222222";
    private const string Pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    ";
    private const string Map = "apiVersion: v1\nkind: ConfigMap\ndata:\n  p.yaml: ";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // «old|new» is what changes; everything else stays.
    public static TheoryData<string, string> Kept => new()
    {
        { "pod.yaml", Pod + "image: «a/b:1|m.test/hub/a/b:1»   # keep\n    args: [x]\n" },
        { "pod.yaml", Pod + "image: '«a/b:1|m.test/hub/a/b:1»'\n" },
        { "pod.yaml", Pod + "image: \"«docker.io/a/b:1|m.test/hub/a/b:1»\"\n" },
        { "pod.yaml", Pod + "image: «a/b:1|m.test/hub/a/b:1»" },
        { "pod.yaml", "\uFEFF" + Pod + "image: «a/b:1|m.test/hub/a/b:1»\n" },
        { "pod.yaml", (Pod + "image: «a/b:1|m.test/hub/a/b:1»\n").Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "pod.yaml", Pod + "image: !!str «a/b:1|m.test/hub/a/b:1»\n" },
        { "pod.yaml", Pod + "image: \"t\" # Grüße 😀 a/b:1\n  - name: '😀'\n    image: «a/b:1|m.test/hub/a/b:1»\n" },
        { "pod.yaml", "apiVersion: v1\nkind: Pod\nspec: "
            + "{containers: [{image: «a/b:1|m.test/hub/a/b:1», name: n}, {name: o, image: «a/b:1|m.test/hub/a/b:1»}]}\n" },
        { "pod.yaml", Pod + "image: «a/b:1|m.test/hub/a/b:1»\n  - name: d\n    image: a/b:10\n  - name: e\n    image: a/b-c:1\n" },
        { "pod.yaml", Pod + $"image: «a/b@{Two}|m.test/hub/a/b@{One}»\n" },
        { "pod.yaml", Pod + $"image: «a/b:1@{Two}|m.test/hub/a/b:1@{One}»\n" },
        { "pod.yaml", Pod + "image: &i «a/b:1|m.test/hub/a/b:1»\n  - name: d\n    image: *i\n" },
        { "cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  p.yaml: |\n    apiVersion: v1\n    kind: Pod\n"
            + "    spec:\n      containers:\n      - name: c\n        image: «a/b:1|m.test/hub/a/b:1»\n" },
        { "pod.json", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"«a/b:1|m.test/hub/a/b:1»\"}]}}" },
        { "values.yaml", "# top\nimage:\n  registry: «docker.io|m.test»\n  repository: «a/b|hub/a/b»\n  tag: \"1\"\n" },
        { "values.yaml", "image:\n  repository: «a/b|m.test/hub/a/b» # keep\n  tag: 1\n" },
        { "values.yaml", "image:\n  repository: «a/b:1|m.test/hub/a/b:1»\n" },
        { "values.yaml", "image:\n  registry:«| m.test»\n  repository: «a/b|hub/a/b»\n  tag: \"1\"\n" },
        { "values.yaml", "image:\n  repository: «old/c|m.test/new/c»\n  tag: «1.10|\"1.20\"»\n" },
        { "compose.yaml", "services:\n  s:\n    image: ${I:-«a/b:1|m.test/hub/a/b:1»}\n" },
        { "compose.yaml", "services:\n  s:\n    image: «a/l|m.test/hub/a/l»\n" },
        { "Dockerfile", "ARG V=1\nFROM «a/b|m.test/hub/a/b»:$V AS x\n" },
        { "Dockerfile", "ARG I=«a/b:1|m.test/hub/a/b:1»\nFROM $I\n" },
        { "Dockerfile", "FROM «a/b:1|m.test/hub/a/b:1»\n"
            + "COPY --from=«a/b:1|m.test/hub/a/b:1» /a /a\nRUN --mount=from=«a/b:1|m.test/hub/a/b:1»,target=/x true\n" },
        { "kustomization.yaml", "images:\n- name: a/b\n  newTag: \"1\"«|\n  newName: m.test/hub/a/b»\n" },
        { "pod.yaml", Pod + "image: \"«a\\u002fb:1|m.test/hub/a/b:1»\" # keep\n" },
        { "pod.yaml", Pod + "image: &i !!str \"«\\x61/b\\x3A1|m.test/hub/a/b:1»\"\n  - {name: d, image: *i}\n" },
        { "pod.yaml", Pod + "image: \"«a/\\\n      b:1|m.test/hub/a/b:1»\"\n" },
        { "pod.yaml", Pod + "image: >-\n      «a/b:1|m.test/hub/a/b:1»\n  - name: d\n    image: |-\n        «a/b:1|m.test/hub/a/b:1»\n    args: [x]\n" },
        { "pod.yaml", Pod + "image:\n      «a/b:1|m.test/hub/a/b:1»\n    args: [x]\n" },
        { "pod.json", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"image\":\"«a\\/b:1|m.test/hub/a/b:1»\"},"
            + "{\"image\":\"«\\u0061/b:1|m.test/hub/a/b:1»\"},{\"image\" : \"«a/b:1|m.test/hub/a/b:1»\"}]}}" },
        { "values.yaml", "image:\n  repository: \"«a\\x2fb|m.test/hub/a/b»\"\n  tag: \"\\x31\"\n" },
        { "values.yaml", "# x\nimage: {repository: \"«a\\x2fb|m.test/hub/a/b»\", tag: '1'}\n" },
        { "kustomization.yaml", "images:\n- name: a/b\n  newName: \"«old\\/c|m.test/new/c»\"\n  newTag: \"«1.1\\x30|1.20»\"\n" },
        { "Dockerfile", "FROM \\\n  «a/b:1|m.test/hub/a/b:1» \\\n  AS x\n" },
        { ".gitlab-ci.yml", "job:\n  image: «a/b:1|m.test/hub/a/b:1»\n  script: [x]\n" },
    };

    // The same with -Pin.
    public static TheoryData<string, string> Pinned => new()
    {
        { "pod.yaml", Pod + $"image: «a/b:1|m.test/hub/a/b:1@{One}»\n" },
        { "values.yaml", $"image:\n  repository: «a/b|m.test/hub/a/b»\n  tag: \"1\"\n  digest: \"«|{One}»\"\n" },
        { "values.yaml", $"image:\n  repository: «a/b|m.test/hub/a/b»\n  tag: \"1«|@{One}»\"\n" },
        { "compose.yaml", $"services:\n  s:\n    image: «a/l|m.test/hub/a/l:latest@{One}»\n" },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void Only_the_names_change(string name, string text) => Check(name, text, pin: false);

    [Theory]
    [MemberData(nameof(Pinned))]
    public void Names_get_their_digest(string name, string text) => Check(name, text, pin: true);

    [Theory]
    [InlineData("pod.yaml", Pod + "image: a/b:9\n", "other tags")]
    [InlineData("pod.yaml", Pod + "image: other/x:1\n", "no image of this repository")]
    [InlineData("pod.yaml", Pod + "image: a/b@sha256:3333333333333333333333333333333333333333333333333333333333333333\n", "no image of this digest")]
    [InlineData("values.yaml", "global:\n  imageRegistry: docker.io\nimage:\n  registry: docker.io\n  repository: a/b\n  tag: \"1\"\n", "global.imageRegistry")]
    [InlineData("Dockerfile", "ARG N=b\nFROM a/$N:1\n", "not written in one place")]
    [InlineData("cm.yaml", Map + "\"kind: Pod\\napiVersion: v1\\nspec: {containers: [{image: a/b:1}]}\\n\"\n", "nowhere in the file as it is read")]
    [InlineData("cm.yaml", Map + "\"{\\\"kind\\\":\\\"Pod\\\",\\\"spec\\\":{\\\"containers\\\":[{\\\"image\\\":\\\"a/b:1\\\"}]}}\"\n",
        "nowhere in the file as it is read")]
    public void What_cannot_be_said_is_left_with_the_reason(string name, string text, string reason)
    {
        File.WriteAllText(_folder[name], text);
        var plan = Plan(name, pin: false);
        Assert.Empty(plan.Files);
        var row = Assert.Single(plan.Rows);
        Assert.Equal("Skipped", row.Status);
        Assert.Contains(reason, row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_changed_since_is_not_restored_and_neither_are_the_others()
    {
        File.WriteAllText(_folder["a.yaml"], Pod + "image: a/b:1\n");
        File.WriteAllText(_folder["b.yaml"], Pod + "image: a/b:1\n");
        Write(Plan(string.Empty, pin: false));
        var changed = File.ReadAllText(_folder["a.yaml"]);
        File.AppendAllText(_folder["b.yaml"], "# more\n");
        var failure = Assert.Throws<OciException>(() => UndoRecord.Load(_folder["undo.json"]).Undo(null));
        Assert.Contains("b.yaml' has changed since", failure.Message, StringComparison.Ordinal);
        Assert.Equal(changed, File.ReadAllText(_folder["a.yaml"]));
    }

    [Fact]
    public void What_was_not_written_before_a_kill_is_passed_over()
    {
        File.WriteAllText(_folder["a.yaml"], Pod + "image: a/b:1\n");
        File.WriteAllText(_folder["b.yaml"], Pod + "image: a/b:1\n");
        Write(Plan(string.Empty, pin: false));
        File.WriteAllText(_folder["b.yaml"], Pod + "image: a/b:1\n");
        var rows = UndoRecord.Load(_folder["undo.json"]).Undo(null);
        Assert.Equal(["Restored", "UpToDate"], rows.Select(r => r.Status));
        Assert.Equal(Pod + "image: a/b:1\n", File.ReadAllText(_folder["a.yaml"]));
    }

    [Fact]
    public void Nothing_is_changed_where_the_record_cannot_be_written()
    {
        File.WriteAllText(_folder["a.yaml"], Pod + "image: a/b:1\n");
        File.WriteAllText(_folder["undo.json"], "somebody's");
        var plan = Plan("a.yaml", pin: false);
        Assert.Throws<OciException>(() => Write(plan));
        Assert.Equal(Pod + "image: a/b:1\n", File.ReadAllText(_folder["a.yaml"]));
        Assert.Equal("somebody's", File.ReadAllText(_folder["undo.json"]));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_file_keeps_its_rights_and_its_encoding()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var utf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: true);
        File.WriteAllText(_folder["a.yaml"], Pod + "image: a/b:1 # ä\n", utf16);
        File.SetUnixFileMode(_folder["a.yaml"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write(Plan("a.yaml", pin: false));
        Assert.Equal([.. utf16.GetPreamble(), .. utf16.GetBytes(Pod + "image: m.test/hub/a/b:1 # ä\n")], File.ReadAllBytes(_folder["a.yaml"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["a.yaml"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"ocisyncUndo\": 2, \"files\": []}")]
    [InlineData("{\"ocisyncUndo\": 1}")]
    [InlineData("{\"ocisyncUndo\": 1, \"files\": [{\"path\": 1}]}")]
    public void What_is_no_record_is_refused(string text)
    {
        File.WriteAllText(_folder["undo.json"], text);
        Assert.Equal(OciErrorKind.ConfigurationInvalid, Assert.Throws<OciException>(() => UndoRecord.Load(_folder["undo.json"])).Kind);
    }

    [Fact]
    public void A_record_that_is_not_there_is_told_with_where_records_are()
    {
        var failure = Assert.Throws<OciException>(() => UndoRecord.Load(_folder["nowhere.json"]));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("-UndoPath", failure.Message, StringComparison.Ordinal);
    }

    private void Check(string name, string text, bool pin)
    {
        var (before, after) = (Side(text, 0), Side(text, 1));
        var bytes = new UTF8Encoding(false).GetBytes(before);
        File.WriteAllBytes(_folder[name], bytes);
        var plan = Plan(name, pin);
        Assert.DoesNotContain(plan.Rows, r => r.Status == "UpToDate");
        Assert.Contains(plan.Rows, r => r.Status == "WouldChange");
        Write(plan);
        Assert.Equal(after, new UTF8Encoding(false).GetString(File.ReadAllBytes(_folder[name])));
        Assert.Empty(Plan(name, pin).Files);
        Assert.Equal("Restored", Assert.Single(UndoRecord.Load(_folder["undo.json"]).Undo(null)).Status);
        Assert.Equal(bytes, File.ReadAllBytes(_folder[name]));
    }

    private static string Side(string text, int side)
    {
        var parts = text.Split('«', '»');
        return string.Concat(parts.Select((p, i) => i % 2 == 0 ? p : p.Split('|')[side]));
    }

    private void Write(RewritePlan plan) => plan.Write(plan.Files.Select(f => f.Path).ToList(), _folder["undo.json"]);

    private RewritePlan Plan(string name, bool pin)
    {
        MirrorName[] names =
        [
            Name("docker.io/a/b:1", "m.test/hub/a/b:1"), Name("docker.io/a/l:latest", "m.test/hub/a/l:latest"),
            Name("docker.io/old/c:1.10", "m.test/new/c:1.20"),
        ];
        var outcomes = new ImageFinder(new FindOptions()).Find([name.Length == 0 ? _folder.Path : _folder[name]]);
        return RewritePlan.Create(outcomes.SelectMany(o => o.Images).ToList(), names, pin);
    }

    private static MirrorName Name(string source, string mirror) =>
        new(ImageReference.Parse(source), ImageReference.Parse(mirror), Digest.Parse(Two), Digest.Parse(One));
}
