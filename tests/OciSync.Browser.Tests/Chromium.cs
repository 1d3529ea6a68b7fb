using OciSync.Testing.Servers;
using PuppeteerSharp;

namespace OciSync.Browser.Tests;

/// <summary>One Chromium without a window for all tests of a class; nothing where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IBrowser? _browser;

    /// <summary>Null when Chromium is installed, otherwise what is missing.</summary>
    internal static string? WhyMissing => Program is null ? Executable.WhyMissing("chromium") : null;

    // The same browser under its other names: Google's, and Ubuntu's.
    private static string? Program => Executable.Find("chromium") ?? Executable.Find("google-chrome") ?? Executable.Find("chromium-browser");

    public async ValueTask InitializeAsync()
    {
        if (WhyMissing is null)
        {
            // Its sandbox refuses root, as which continuous integration runs; the page is ours.
            string[] safe = Environment.UserName == "root" ? ["--no-sandbox"] : [];
            _browser = await Puppeteer.LaunchAsync(new LaunchOptions
            {
                ExecutablePath = Program,
                Headless = true,
                Timeout = 120_000,
                Args = [.. safe, "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"],
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    /// <summary>Opens a page in a tab of its own.</summary>
    internal async Task<OpenReport> OpenAsync(string html, int width = 1280, int height = 900, bool isDark = false, bool hasScript = true)
    {
        Assert.SkipWhen(_browser is null, WhyMissing ?? string.Empty);
        return await OpenReport.OpenAsync(_browser, html, new ViewPortOptions { Width = width, Height = height }, isDark, hasScript);
    }
}
