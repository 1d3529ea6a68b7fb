using System.Diagnostics;

namespace OciSync.Core.Polyfills;

/// <summary>Ends a process and what it has started. Older platforms have Windows' own tool for it.</summary>
internal static class ProcessTree
{
    internal static void Kill(Process process)
    {
        try
        {
#if NET
            process.Kill(entireProcessTree: true);
#else
            if (Path.DirectorySeparatorChar == '\\')
            {
                var tool = Path.Combine(Environment.SystemDirectory, "taskkill.exe");
                using var ending = Process.Start(new ProcessStartInfo(tool, "/T /F /PID " + process.Id) { UseShellExecute = false, CreateNoWindow = true });
                ending?.WaitForExit(5000);
            }

            if (!process.HasExited)
            {
                process.Kill();
            }
#endif
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
