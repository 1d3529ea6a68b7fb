using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Running;

/// <summary>The first phase: bodies of files and blocks run, and what they declare is noted, not run.</summary>
internal sealed class Discovery
{
    // Keywords run on the pipeline thread of the Invoke-Pester they belong to.
    [ThreadStatic]
    private static Discovery? s_current;

    private readonly ScopeRunner _scopes;
    private readonly TestFile _file;
    private TestBlock _block;

    private Discovery(ScopeRunner scopes, TestFile file)
    {
        _scopes = scopes;
        _file = file;
        _block = file.Root;
    }

    public static TestFile Run(ScopeRunner scopes, string path)
    {
        var file = new TestFile(path);
        var outer = s_current;
        s_current = new Discovery(scopes, file);
        try
        {
            s_current.Note(scopes.Call(path));
        }
        finally
        {
            s_current = outer;
        }

        return file;
    }

    /// <summary>The discovery under way; a keyword outside one is an error of the test file.</summary>
    public static Discovery Current(Cmdlet keyword) => s_current ?? throw new InvalidOperationException(
        $"{keyword.CommandRuntime}: this keyword belongs into a *.Tests.ps1 file that Invoke-Pester runs, outside of tests and setups.");

    /// <summary>Hides the discovery while tests run, so that a keyword inside a test is refused.</summary>
    public static void Leave() => s_current = null;

    public void AddBlock(string name, ScriptBlock body, NodeOptions options)
    {
        var parent = _block;
        var block = new TestBlock(parent, name, body, options);
        parent.Children.Add(block);
        _block = block;
        try
        {
            _scopes.InNewScope(() =>
            {
                if (options.HasData)
                {
                    _scopes.Define(options.Data);
                }

                Note(_scopes.DotSource(body));
            });
        }
        finally
        {
            _block = parent;
        }
    }

    public void AddTest(string name, ScriptBlock body, NodeOptions options)
    {
        if (_block.IsRoot)
        {
            throw new InvalidOperationException($"It '{name}' stands outside of Describe and Context.");
        }

        _block.Children.Add(new TestCase(_block, name, body, options));
    }

    public void AddSetup(SetupKind kind, ScriptBlock body)
    {
        if (!_block.Setups.TryAdd(kind, body))
        {
            throw new InvalidOperationException($"{kind} is already defined in this block.");
        }
    }

    public void RunNow(ScriptBlock body) => Note(_scopes.DotSource(body));

    private void Note(ErrorRecord? error)
    {
        if (error is not null)
        {
            _file.ErrorRecord.Add(error);
        }
    }
}
