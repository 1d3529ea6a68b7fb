using System.Management.Automation.Runspaces;
using OciSync.Core.Serving;
using static System.Management.Automation.Runspaces.RunspaceState;

namespace OciSync.PowerShell.State;

/// <summary>The servers that were started in one runspace; they end with it.</summary>
internal sealed class RunningServers(Runspace runspace)
{
    private readonly List<OciRegistryServer> _servers = [];
    private bool _isWatched;

    /// <summary>Those that run, in the order in which they were started.</summary>
    internal IReadOnlyList<OciRegistryServer> All
    {
        get
        {
            lock (_servers)
            {
                _servers.RemoveAll(s => !s.IsRunning);
                return [.. _servers];
            }
        }
    }

    internal void Add(OciRegistryServer server)
    {
        lock (_servers)
        {
            _servers.Add(server);
            if (!_isWatched)
            {
                _isWatched = true;
                runspace.StateChanged += OnStateChanged;
            }
        }
    }

    private void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is Closing or Closed or Broken)
        {
            foreach (var server in All)
            {
                server.Dispose();
            }
        }
    }
}
