using System.Security.Cryptography;
using System.Text;

namespace OciSync.Core.Reports;

/// <summary>
/// A run as one page of HTML that needs nothing else: no network, no other file. The page is what the rows say and the same for the same rows.
/// Its policy (CSP) lets the one style and the one script of ours run, by their digests, and nothing that a row could bring.
/// </summary>
public static class ReportPage
{
    /// <summary>The page of a run.</summary>
    public static string Render(ReportRun run)
    {
        var summary = new RunSummary(run.Rows);
        var comparison = run.Previous is null ? null : new RunComparison(summary, new RunSummary(run.Previous));
        var style = Resources.Read("report.css");
        var script = Resources.Read("report.js");
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["policy"] = $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'",
            ["style"] = style,
            ["script"] = script,
            ["title"] = Html.Of($"{LeadSection.Title(run, summary)}").ToString(),
            ["lead"] = LeadSection.Write(run, summary, comparison).ToString(),
            ["counts"] = CountSection.Write(summary).ToString(),
            ["failures"] = FailureSection.Write(run, summary, comparison).ToString(),
            ["changes"] = ChangeSection.Write(comparison).ToString(),
            ["registries"] = RegistrySection.Write(summary).ToString(),
            ["slowest"] = SlowestSection.Write(summary).ToString(),
            ["end"] = LeadSection.End(run, summary).ToString(),
            ["data"] = PageData.Write(summary, comparison),
        };
        return Fill(Resources.Read("report.html"), parts);
    }

    // In one pass: what a row says is never taken for a hole.
    private static string Fill(string page, Dictionary<string, string> parts)
    {
        var text = new StringBuilder();
        var pieces = page.Split(["{{"], StringSplitOptions.None);
        text.Append(pieces[0]);
        foreach (var piece in pieces.Skip(1))
        {
            var end = piece.IndexOf("}}", StringComparison.Ordinal);
            text.Append(parts[piece.Substring(0, end)]).Append(piece, end + 2, piece.Length - end - 2);
        }

        return text.ToString();
    }

    private static string Hash(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return "sha256-" + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
