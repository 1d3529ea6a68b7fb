using System.Management.Automation;

namespace OciSync.PowerShell.Pipeline;

/// <summary>
/// What the work of an <see cref="AsyncCmdlet"/> writes to, from any thread; the pipeline thread does the writing, in the
/// order of the calls.
/// Objects and errors wait while too many are unwritten. Messages never wait, so they may be written while a lock or a
/// connection is held: a consumer downstream that runs a cmdlet of ours and needs the same one is not blocked by them.
/// After a stop nothing is written any more: messages are dropped, the methods that give a task end in a cancellation.
/// </summary>
public sealed class PipelineWriter
{
    private readonly PipelineQueue _queue;
    private readonly CancellationToken _token;

    internal PipelineWriter(PipelineQueue queue, CancellationToken token)
    {
        _queue = queue;
        _token = token;
    }

    /// <summary>Writes an object; done when it has a place in the queue.</summary>
    public Task WriteObjectAsync(object? value, bool enumerateCollection = false) =>
        PostWithRoomAsync(cmdlet => cmdlet.WriteObject(value, enumerateCollection));

    /// <summary>Writes an object at once, for work that knows how many there will be and can't wait where it makes them.</summary>
    public void WriteResult(object value) => _queue.Post(PipelineItem.Write(cmdlet => cmdlet.WriteObject(value)));

    /// <summary>Writes a non-terminating error; done when it has a place in the queue.</summary>
    public Task WriteErrorAsync(ErrorRecord error) => PostWithRoomAsync(cmdlet => cmdlet.WriteError(error));

    /// <summary>Writes a warning.</summary>
    public void WriteWarning(string text) => _queue.Post(PipelineItem.Write(cmdlet => cmdlet.WriteWarning(text)));

    /// <summary>Writes a verbose message; a debug message where PowerShell would stop and ask at each verbose one (-Debug without -Verbose).</summary>
    public void WriteVerbose(string text) => _queue.Post(PipelineItem.Write(cmdlet =>
    {
        if (cmdlet.AsksAtVerbose)
        {
            cmdlet.WriteDebug(text);
        }
        else
        {
            cmdlet.WriteVerbose(text);
        }
    }));

    /// <summary>Writes a debug message.</summary>
    public void WriteDebug(string text) => _queue.Post(PipelineItem.Write(cmdlet => cmdlet.WriteDebug(text)));

    /// <summary>Writes to the information stream.</summary>
    public void WriteInformation(object message, params string[] tags) =>
        _queue.Post(PipelineItem.Write(cmdlet => cmdlet.WriteInformation(message, tags)));

    /// <summary>Shows progress: the newest record of each activity, at most five records a second. The record is handed over.</summary>
    public void WriteProgress(ProgressRecord record) => _queue.Post(record);

    /// <summary>Asks for confirmation, or says under -WhatIf what would be done; false then.</summary>
    public Task<bool> ShouldProcessAsync(string target, string action) => AskAsync(cmdlet => cmdlet.ShouldProcess(target, action));

    /// <summary>The same with whole sentences: what -WhatIf and -Verbose say, the question, and its caption.</summary>
    public Task<bool> ShouldProcessAsync(string description, string question, string caption) =>
        AskAsync(cmdlet => cmdlet.ShouldProcess(description, question, caption));

    /// <summary>Asks a question that no preference answers.</summary>
    public Task<bool> ShouldContinueAsync(string question, string caption) => AskAsync(cmdlet => cmdlet.ShouldContinue(question, caption));

    private async Task PostWithRoomAsync(Action<AsyncCmdlet> write)
    {
        await _queue.ReserveAsync(_token).ConfigureAwait(false);
        if (!_queue.Post(PipelineItem.Write(write, takesRoom: true)))
        {
            throw new OperationCanceledException(_token);
        }
    }

    private Task<bool> AskAsync(Func<AsyncCmdlet, bool> question)
    {
        var item = new PipelineItem(question);
        _queue.Post(item);
        return item.Answer;
    }
}
