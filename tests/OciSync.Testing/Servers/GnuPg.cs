using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>gpg with a keyring of its own, and programs that use it. No key has a passphrase unless one is given.</summary>
public sealed class GnuPg : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // A short path: the sockets of the agent are in it.
    private readonly TempFolder home = new();

    private GnuPg()
    {
    }

    /// <summary>Null when gpg is installed, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.WhyMissing("gpg");

    /// <summary>Where gpg is.</summary>
    public static string? ProgramPath => Executable.Find("gpg");

    /// <summary>Whether there is such a program on the path.</summary>
    public static bool CanRun(string program) => Executable.Find(program) is not null;

    /// <summary>The folder of the keyring; a place for files, too.</summary>
    public TempFolder Home => home;

    /// <summary>Makes the keyring.</summary>
    public static GnuPg Start()
    {
        var gpg = new GnuPg();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(gpg.home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return gpg;
    }

    /// <summary>Makes a key that may sign, and gives its fingerprint.</summary>
    /// <param name="name">The user id.</param>
    /// <param name="algorithm">Such as <c>rsa2048</c>, <c>ed25519</c>, <c>nistp256</c>, <c>dsa2048</c>.</param>
    /// <param name="use">For what it is.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="options">Options before the command.</param>
    public async Task<string> CreateKeyAsync(string name, string algorithm, string use = "sign", string end = "never", params string[] options)
    {
        await RunAsync([.. options, "--passphrase", "", "--quick-generate-key", name, algorithm, use, end]);
        return await FindFingerprintAsync(name);
    }

    /// <summary>The fingerprint of a primary key.</summary>
    public async Task<string> FindFingerprintAsync(string name)
    {
        var listed = System.Text.Encoding.UTF8.GetString(await RunAsync(["--with-colons", "--list-keys", name]));
        return listed.Split('\n').First(l => l.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];
    }

    /// <summary>The public key as a file has it.</summary>
    public Task<byte[]> ExportAsync(string name, params string[] options) => RunAsync([.. options, "--export", name]);

    /// <summary>An OpenPGP message with the content and a signature over it, as skopeo asks gpg for.</summary>
    public async Task<byte[]> SignAsync(string name, byte[] content, params string[] options)
    {
        var file = home[Guid.NewGuid().ToString("N")];
        await File.WriteAllBytesAsync(file, content);
        return await RunAsync([.. options, "--local-user", name, "--output", "-", "--sign", file]);
    }

    /// <summary>Runs gpg and gives what it wrote; fails with what it said.</summary>
    public async Task<byte[]> RunAsync(params string[] arguments)
    {
        var (result, output) = await RunProgramAsync("gpg", ["--batch", "--yes", "--no-tty", "--quiet", "--pinentry-mode", "loopback", .. arguments]);
        result.Succeeded();
        return output;
    }

    /// <summary>Runs another program with this keyring, such as skopeo.</summary>
    public async Task<ProcessResult> RunAsync(string program, IEnumerable<string> arguments) => (await RunProgramAsync(program, arguments)).Result;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The agent of this keyring alone; it lives as long as its folder else.
        await RunProgramAsync("gpgconf", ["--kill", "gpg-agent"]);
        home.Dispose();
    }

    private async Task<(ProcessResult Result, byte[] Output)> RunProgramAsync(string program, IEnumerable<string> arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["GNUPGHOME"] = home.Path, ["HOME"] = home.Path, ["XDG_RUNTIME_DIR"] = home.Path, ["_CONTAINERS_ROOTLESS_UID"] = "1000" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        using var output = new MemoryStream();
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (new ProcessResult(process.ExitCode, System.Text.Encoding.UTF8.GetString(output.ToArray()), await error), output.ToArray());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
