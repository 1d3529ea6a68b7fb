using System.Diagnostics;
using System.Text;
using OciSync.Core.Machine;
using OciSync.Core.Polyfills;

namespace OciSync.Core.AuthFiles;

/// <summary>Finds and runs a helper's program: no shell, within a time limit, with a bounded answer.</summary>
internal static class HelperProgram
{
    internal const int MaxOutput = 1024 * 1024;

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '.' or '_' or '-');

    /// <summary>The full path of a program on the PATH. The current folder is never searched.</summary>
    internal static string? Find(string program, UserEnvironment environment)
    {
        string[] endings = environment.IsWindows ? [".exe", ".cmd", ".bat"] : [string.Empty];
        var folders = (environment.Find("PATH") ?? string.Empty).Split([Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => folder.Trim('"')).Where(IsAbsolute)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending)))
            .FirstOrDefault(FileModes.IsExecutable);
    }

    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="InvalidDataException">It wrote too much.</exception>
    internal static async Task<HelperAnswer> RunAsync(string program, string action, string input, TimeSpan limit, CancellationToken cancellationToken)
    {
        // The actions are words of ours: there is nothing to quote.
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, action)
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        var exited = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult(true);
        process.Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(limit);
        try
        {
            return await TalkAsync(process, exited.Task, input, ended.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            ProcessTree.Kill(process);
            throw e is OperationCanceledException && !cancellationToken.IsCancellationRequested ? new TimeoutException() : e;
        }
    }

    private static async Task<HelperAnswer> TalkAsync(Process process, Task<bool> exited, string input, CancellationToken cancellationToken)
    {
        var output = ReadAsync(process.StandardOutput.BaseStream, keep: true, cancellationToken);
        var error = ReadAsync(process.StandardError.BaseStream, keep: false, cancellationToken);
        error.Observe();
        output.Observe();
        try
        {
            var bytes = new UTF8Encoding(false).GetBytes(input);
            await Joined(
                process.StandardInput.BaseStream.WriteAsync(bytes, 0, bytes.Length, cancellationToken)).JoinAsync(cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want to read; what it says counts.
        }

        var text = await output.JoinAsync(cancellationToken).ConfigureAwait(false);
        await exited.JoinAsync(cancellationToken).ConfigureAwait(false);
        return new HelperAnswer(process.ExitCode, text);
    }

    private static async Task<bool> Joined(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }

    private static async Task<string> ReadAsync(Stream stream, bool keep, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            text.Write(buffer, 0, keep ? read : 0);
            if (text.Length > MaxOutput)
            {
                throw new InvalidDataException();
            }
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static bool IsAbsolute(string folder) => folder.Length > 0 && folder.IndexOfAny(Path.GetInvalidPathChars()) < 0 && Path.IsPathRooted(folder);
}
