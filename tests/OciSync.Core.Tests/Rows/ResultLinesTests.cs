using System.Globalization;
using OciSync.Core.Errors;
using OciSync.Core.Rows;
using OciSync.Testing;

namespace OciSync.Core.Tests.Rows;

public sealed class ResultLinesTests
{
    private const string Good = """{"Source":"a.test/a:1","Destination":"b.test/a:1","Status":"Copied"}""";

    private static OciSyncResult Full => new()
    {
        Source = "a.test/a:1", Destination = "b.test/a:1", Status = SyncStatus.Failed, Reason = "why", Digest = "sha256:1", SourceDigest = "sha256:2",
        PreviousDigest = "sha256:3", DigestChanged = true, Selection = "{ referrers: true }", Platforms = ["linux/amd64", "linux/arm64"],
        TrustBasis = "index", SignedBy = ["ABCD"], SignedWith = ["sha256:77"], DueTime = new DateTimeOffset(2026, 12, 1, 2, 3, 4, TimeSpan.Zero),
        BytesCopied = long.MaxValue,
        BytesMounted = 2, BytesSkipped = 3, ReferrersCopied = 4, SignaturesCopied = 5, SourceReads = 6, RetryCount = 7,
        StartTime = new DateTimeOffset(2026, 11, 28, 2, 3, 4, 567, TimeSpan.Zero),
        Duration = TimeSpan.FromMilliseconds(1234.5), ErrorId = "OciForbidden", Error = "no \u2028 <b>", RunId = "run",
    };

    [Fact]
    public void Every_property_of_a_row_is_read_as_it_was_written()
    {
        var lines = new ResultLines("x");
        lines.Add(ResultJson.ToLine(Full));
        foreach (var property in ResultFields.All)
        {
            // All are set above, so that a property that is not written, or not read, is found.
            Assert.NotEqual(property.GetValue(new OciSyncResult()), property.GetValue(Full));
            Assert.Equal(property.GetValue(Full), property.GetValue(Assert.Single(lines.Rows)));
        }
    }

    [Fact]
    public void A_cut_last_line_is_left_out_and_told()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["run.jsonl"], $"{Good}\n{Good}\n{{\"Source\":\"a.te");
        var lines = ResultLines.Load(folder["run.jsonl"]);
        Assert.Equal(2, lines.Rows.Count);
        Assert.Equal($"'{folder["run.jsonl"]}', line 3: It is not JSON, or cut off.", lines.CutLine);
    }

    [Fact]
    public void A_bad_line_before_others_is_an_error_that_names_it()
    {
        var lines = new ResultLines("run.jsonl");
        lines.Add(Good);
        lines.Add("""{"Source":"a.test/a:1","Status":"Done"}""");
        lines.Add(" ");
        var fault = Assert.Throws<OciException>(() => lines.Add(Good));
        Assert.Equal(OciErrorKind.ReportInvalid, fault.Kind);
        Assert.StartsWith("'run.jsonl', line 2: This is no row of a run: its Status 'Done' is none of OciSync's", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"Status":"Copied"}""")]
    [InlineData("""{"Status":"Copied","Source":"","Destination":""}""")]
    [InlineData("""{"Source":"a.test/a:1"}""")]
    public void What_is_no_row_is_none(string line)
    {
        var lines = new ResultLines("x");
        lines.Add(line);
        Assert.Empty(lines.Rows);
        Assert.NotNull(lines.CutLine);
    }

    [Fact]
    public void A_list_as_ConvertTo_Json_writes_it_is_read_too()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["rows.json"], "[ " + Good + """, {"Destination":"b.test/a:2","Status":"UpToDate","Duration":{"Ticks":15000000,"Days":0}} ]""");
        var rows = ResultLines.Load(folder["rows.json"]).Rows;
        Assert.Equal(["b.test/a:1", "b.test/a:2"], rows.Select(r => r.Destination));
        Assert.Equal(TimeSpan.FromSeconds(1.5), rows[1].Duration);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("  =1")]
    [InlineData("\uFF1D1")]
    public void A_spreadsheet_runs_no_cell(string text)
    {
        var cells = ResultCsv.ToLine(new OciSyncResult { Source = text, Status = "Failed", Error = "a,\"b\"\n;c" });
        Assert.StartsWith("'", cells.TrimStart('"'), StringComparison.Ordinal);
        Assert.Contains(",\"a,\"\"b\"\"\n;c\",", cells, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_as_csv_has_a_cell_for_each_property()
    {
        var cells = ResultCsv.ToLine(Full);
        var header = ResultCsv.Header.Split(',');

        // One comma is in a cell: that of two platforms.
        Assert.Equal(header.Length + 1, cells.Split(',').Length);
        Assert.Equal(ResultFields.All.Select(p => p.Name), header);
        Assert.Contains(",\"linux/amd64, linux/arm64\",index,ABCD,sha256:77," + long.MaxValue.ToString(CultureInfo.InvariantCulture) + ",2,3,4,5,6,7,",
            cells, StringComparison.Ordinal);
        Assert.Contains(",2026-11-28T02:03:04.5670000+00:00,00:00:01.2345000,", cells, StringComparison.Ordinal);
    }
}
