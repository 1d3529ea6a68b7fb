using System.Text.Json;
using Deque.AxeCore.Commons;
using PuppeteerSharp;

namespace OciSync.Browser.Tests;

/// <summary>axe-core, which knows the rules of WCAG that a machine can check.</summary>
internal static class Axe
{
    /// <summary>All violations of WCAG 2.2 A and AA and of good practice, and how many rules found what they speak of and nothing wrong.</summary>
    internal static async Task<(IReadOnlyList<string> Faults, int Passed)> RunAsync(IPage page)
    {
        using var stream = typeof(AxeRunOptions).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!;
        using var reader = new StreamReader(stream);
        await page.EvaluateExpressionAsync(await reader.ReadToEndAsync());
        var text = await page.EvaluateFunctionAsync<string>("async () => JSON.stringify(await axe.run(document))");
        using var result = JsonDocument.Parse(text);
        var faults =
            from violation in result.RootElement.GetProperty("violations").EnumerateArray()
            from node in violation.GetProperty("nodes").EnumerateArray()
            select $"{violation.GetProperty("impact")} {violation.GetProperty("id")}: {node.GetProperty("html")} {node.GetProperty("failureSummary")}";
        return (faults.ToList(), result.RootElement.GetProperty("passes").GetArrayLength());
    }
}
