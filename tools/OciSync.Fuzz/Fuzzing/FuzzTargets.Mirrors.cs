using OciSync.Core.Errors;
using OciSync.Core.MirrorFiles;
using OciSync.Core.References;
using OciSync.Core.Rewriting;
using OciSync.Core.Sights;

namespace OciSync.Fuzzing;

/// <summary>Configurations that are there before ours come, and what is noted of first sights.</summary>
internal static partial class FuzzTargets
{
    private const string Sights = "OciSync first sights 1\tr.test/a\t2026-03-01T12:00:00Z\ntag\t1.0\t2026-03-01T12:00:00Z\ndigest\t" + Sha
        + "\t2026-02-01T00:00:00Z\nend\t2\n";

    private static IEnumerable<FuzzTarget> Mirrors() =>
    [
        new("first sights", FuzzInput.Near(Sights, "OciSync first sights 1\tr.test/a\t2026-03-01T12:00:00Z\nend\t0\n"), TrySights),
        new("minimum age", FuzzInput.Near("3d", "1w2d3h4m5s", "3.00:00:00"), input => Allow(
            () => Require(AgeText.Parse(Text(input)) >= TimeSpan.Zero, "no age is negative"), OciErrorKind.ChoiceInvalid)),
        new("registries.conf to merge", FuzzInput.Near("[[registry]]\nprefix = \"quay.io\"\nlocation = \"m.test\"\n", "short-name-mode = \"enforcing\"\n"),
            input => TryMerge(MirrorFileFormat.RegistriesConf, "f.conf", input)) { BytesPerByte = 4_000 },
        new("registries.yaml to merge", FuzzInput.Near("mirrors:\n  quay.io:\n    endpoint: [\"https://m.test\"]\n", "configs:\n  a: {}\n"),
            input => TryMerge(MirrorFileFormat.K3s, "f.yaml", input)) { BytesPerByte = 4_000 },
        new("daemon.json to merge", FuzzInput.Near("""{"debug":true,"registry-mirrors":["https://m.test"]}""", "{}"),
            input => TryMerge(MirrorFileFormat.Docker, "daemon.json", input)) { BytesPerByte = 4_000 },
        new("undo record", FuzzInput.Near(
            """{"ocisyncUndo":1,"files":[{"path":"/nowhere/a.yaml","before":"x","after":"y","edits":[{"offset":5,"old":"a","new":"bc"}]}]}""",
            """{"ocisyncUndo":1,"files":[]}"""), TryUndo),
    ];

    private static void TrySights(byte[] input) => Allow(
        () =>
        {
            var book = SightFile.Read(Text(input), "r.test/a", "f.txt");
            var again = SightFile.Read(SightFile.Write("r.test/a", book), "r.test/a", "f.txt");
            Require(
                again.Latest == book.Latest && again.Tags.SequenceEqual(book.Tags.OrderBy(t => t.Key, StringComparer.Ordinal)),
                "it is written as it was read");
        },
        OciErrorKind.ConfigurationInvalid);

    private static void TryUndo(byte[] input)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, input);
            Allow(() => UndoRecord.Load(path), OciErrorKind.ConfigurationInvalid);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void TryMerge(MirrorFileFormat format, string name, byte[] input)
    {
        var folder = Directory.CreateTempSubdirectory("ocisync-fuzz-").FullName;
        try
        {
            var path = Path.Combine(folder, name);
            File.WriteAllBytes(path, input);
            var route = new MirrorRoute(ImageReference.Parse("docker.io/x/y:1"), ImageReference.Parse("m.test/x/y:1"));
            Allow(
                () =>
                {
                    var plan = MirrorFilePlan.Create(format, path, [route], new MirrorOptions(), force: false);
                    plan.Files.ToList().ForEach(plan.Write);
                    var again = MirrorFilePlan.Create(format, path, [route], new MirrorOptions(), force: false);
                    Require(again.Files.All(f => f.Status == "Unchanged"), "what was merged once is merged");
                },
                OciErrorKind.DestinationExists,
                OciErrorKind.StorageFailed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
