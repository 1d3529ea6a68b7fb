using System.Collections.Concurrent;
using OciSync.Testing;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace OciSync.Browser.Tests;

/// <summary>A report in a tab of a browser, and what the browser had to say of it.</summary>
internal sealed class OpenReport : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _complaints = [];

    private OpenReport(IPage page) => Page = page;

    internal IPage Page { get; }

    /// <summary>Errors and warnings of the console, errors of scripts, dialogs, and requests for anything but the page itself.</summary>
    internal IReadOnlyCollection<string> Complaints => _complaints;

    internal static async Task<OpenReport> OpenAsync(IBrowser browser, string html, ViewPortOptions size, bool isDark, bool hasScript)
    {
        var report = new OpenReport(await browser.NewPageAsync());
        var page = report.Page;
        report.Listen();
        await page.SetViewportAsync(size);
        await page.SetJavaScriptEnabledAsync(hasScript);
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = isDark ? "dark" : "light" }]);
        await File.WriteAllTextAsync(report._folder["run.html"], html);
        await page.GoToAsync(new Uri(report._folder["run.html"]).AbsoluteUri, WaitUntilNavigation.Load);
        return report;
    }

    internal async Task<string> TextAsync(string selector) => await Page.EvaluateFunctionAsync<string>("s => document.querySelector(s).innerText", selector);

    internal async Task<string[]> TextsAsync(string selector) =>
        await Page.EvaluateFunctionAsync<string[]>("s => [...document.querySelectorAll(s)].map(e => e.innerText)", selector);

    internal async Task<int> CountAsync(string selector) => await Page.EvaluateFunctionAsync<int>("s => document.querySelectorAll(s).length", selector);

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        _folder.Dispose();
    }

    private void Listen()
    {
        Page.Console += (_, e) => _complaints.Enqueue($"console {e.Message.Type}: {e.Message.Text}");
        Page.PageError += (_, e) => _complaints.Enqueue($"script: {e.Message}");
        Page.Dialog += (_, e) =>
        {
            _complaints.Enqueue($"dialog: {e.Dialog.Message}");
            _ = e.Dialog.Dismiss();
        };
        Page.Request += (_, e) =>
        {
            if (!e.Request.IsNavigationRequest && !e.Request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                _complaints.Enqueue($"request: {e.Request.Url}");
            }
        };
    }
}
