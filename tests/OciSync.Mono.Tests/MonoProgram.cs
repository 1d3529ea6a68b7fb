using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace OciSync.Mono.Tests;

/// <summary>One process of Mono for all tests of a class, which answers one order after the other.</summary>
public sealed class MonoProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Process? _process;

    /// <summary>Why there can be none here, or null.</summary>
    public static string? WhyMissing { get; } = Find() is null
        ? "server missing: mono is not installed (Debian: apt-get install mono-devel)."
        : null;

    internal static string Engine => Get("Engine");

    /// <summary>The lines of the answer; a test is skipped where there is no Mono.</summary>
    internal async Task<IReadOnlyList<string>> AskAsync(params string[] words)
    {
        await StartAsync(words);
        return await AnswerAsync();
    }

    /// <summary>Copies one image; the words of its row: status, digest, error id, reason, error.</summary>
    internal async Task<string[]> CopyAsync(string source, string destination, string format = "", string compression = "") =>
        Assert.Single(await AskAsync("copy", source, destination, format, compression)).Split('\t');

    internal Task StartAsync(params string[] words)
    {
        Assert.SkipWhen(WhyMissing is not null, WhyMissing ?? string.Empty);
        return TellAsync(string.Join('\t', words));
    }

    internal async Task TellAsync(string line)
    {
        _process ??= Start();
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    internal async Task<IReadOnlyList<string>> AnswerAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var lines = new List<string>();
        while (await _process!.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == ".")
            {
                return lines;
            }

            lines.Add(line);
        }

        throw new InvalidOperationException($"Mono ended: {await _process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static Process Start() => Process.Start(new ProcessStartInfo(Find()!, [Get("Program"), Engine])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = new UTF8Encoding(false),
        StandardOutputEncoding = new UTF8Encoding(false),
    })!;

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "mono"))
        .FirstOrDefault(File.Exists);

    private static string Get(string key) => typeof(MonoProgram).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key)
        .Value!;
}
