using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>
/// A password store of its own for the real docker-credential-pass, with a key that has no passphrase. <see cref="WriteHelper"/> gives the
/// helper a name under which it finds this store.
/// </summary>
public sealed class PassStore : IAsyncDisposable
{
    private readonly TempFolder folder = new();

    private PassStore()
    {
    }

    /// <summary>Null when everything is installed, otherwise what is missing.</summary>
    public static string? WhyMissing => new[] { "docker-credential-pass", "pass", "gpg" }.Any(name => Executable.Find(name) is null)
        ? "server missing: docker-credential-pass is not installed (Debian: apt-get install golang-docker-credential-helpers pass gpg)."
        : null;

    /// <summary>Makes the key and the store.</summary>
    public static async Task<PassStore> StartAsync(CancellationToken cancellationToken = default)
    {
        var store = new PassStore();
        try
        {
            Directory.CreateDirectory(store.folder["gpg"]);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(store.folder["gpg"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            await store.RunAsync(
                "gpg", ["--batch", "--passphrase", "", "--quick-generate-key", "store@example.test", "default", "default", "never"], cancellationToken);
            await store.RunAsync("pass", ["init", "store@example.test"], cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes <c>docker-credential-NAME</c> into a folder: the real helper with this store.</summary>
    public void WriteHelper(string path)
    {
        File.WriteAllText(path, $"""
            #!/bin/sh
            export GNUPGHOME='{folder["gpg"]}' PASSWORD_STORE_DIR='{folder["store"]}'
            exec docker-credential-pass "$@"

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The agent of this store alone; it lives as long as its folder else.
        await RunAsync("gpgconf", ["--kill", "gpg-agent"], CancellationToken.None);
        folder.Dispose();
    }

    private async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GNUPGHOME"] = folder["gpg"], ["PASSWORD_STORE_DIR"] = folder["store"] },
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        new ProcessResult(process.ExitCode, await output, await error).Succeeded();
    }
}
