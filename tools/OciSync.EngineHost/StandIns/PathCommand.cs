using System.Management.Automation;

namespace OciSync.EngineHost.StandIns;

/// <summary>What takes -Path with wildcards or -LiteralPath without.</summary>
public abstract class PathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get => IsLiteral ? Path : []; set => (Path, IsLiteral) = (value, true); }

    private protected bool IsLiteral { get; private set; }

    /// <summary>Runs a provider call for each path; what it throws becomes a non-terminating error about that path.</summary>
    private protected void ForEachPath(Action<string> action)
    {
        foreach (var path in Path)
        {
            Try(path, action);
        }
    }

    private protected void Try(string path, Action<string> action)
    {
        try
        {
            action(path);
        }
        catch (Exception e) when (e is RuntimeException and not PipelineStoppedException)
        {
            WriteError(new ErrorRecord(((RuntimeException)e).ErrorRecord, e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(e, e.GetType().Name, ErrorCategory.WriteError, path));
        }
    }

    /// <summary>Existing items that <paramref name="path"/> names; a name without wildcards must exist.</summary>
    private protected IEnumerable<string> Resolve(string path)
    {
        if (IsLiteral)
        {
            return [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path)];
        }

        return SessionState.Path.GetResolvedPSPathFromPSPath(path).Select(static p => p.ProviderPath);
    }
}
