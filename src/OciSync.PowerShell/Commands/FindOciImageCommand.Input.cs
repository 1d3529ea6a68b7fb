using System.Collections;
using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Commands;

/// <content>What comes down the pipeline: text is gathered, files are looked into, objects are read as they are.</content>
public sealed partial class FindOciImageCommand
{
    // So many files are read at a time; more would keep what is found waiting.
    private const int FilesAtATime = 64;

    private readonly List<string> _files = [];
    private TextSearch? _text;
    private string? _firstLine;
    private bool _isKnown;

    private void TakeInput()
    {
        switch (InputObject?.BaseObject)
        {
            case null:
                break;
            case string line:
                TakeLine(line);
                break;
            case FileSystemInfo file:
                _files.Add(file.FullName);
                if (_files.Count >= FilesAtATime)
                {
                    EndFiles();
                }

                break;
            case IEnumerable list when list is not IDictionary:
                TellNow(new ImageFinder(_options).FindInObject(PlainObjects.Read(list)), InputObject);
                break;
            case { } value when PlainObjects.IsRecord(value):
                TellNow(new ImageFinder(_options).FindInObject(PlainObjects.Read(InputObject)), InputObject);
                break;
            default:
                var failure = new PSArgumentException(
                    $"An object of the type {InputObject!.BaseObject.GetType().Name} can't be searched: text, files, and objects of ConvertFrom-Json can.");
                WriteError(new ErrorRecord(failure, "OciInputUnknown", ErrorCategory.InvalidType, InputObject));
                break;
        }
    }

    private void TakeLine(string line)
    {
        _text ??= new TextSearch(_options);
        _firstLine ??= line;
        try
        {
            if (_text.Add(line) is { } outcome)
            {
                TellText(outcome);
            }
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, null));
        }
    }

    private void EndInput()
    {
        EndFiles();
        if (_text is null)
        {
            return;
        }

        TellText(_text.End());
        if (!_isKnown)
        {
            WriteWarning(File.Exists(FullPath(_firstLine)) || Directory.Exists(FullPath(_firstLine))
                ? $"Text from the pipeline is searched itself. To search the file it names: Find-OciImage -Path '{_firstLine}', or Get-Item … | Find-OciImage"
                : "The text from the pipeline is no document that names images: neither manifests, nor a compose file, a pipeline or a Dockerfile.");
        }
    }

    private void EndFiles()
    {
        FindInFiles([.. _files]);
        _files.Clear();
    }

    private void TellText(FindOutcome outcome)
    {
        _isKnown |= outcome.IsKnown || outcome.Failures.Count > 0;
        TellNow(outcome, null);
    }

    // On the pipeline's own thread: what comes next waits for it anyway.
    private void TellNow(FindOutcome outcome, object? target)
    {
        foreach (var warning in outcome.Warnings)
        {
            WriteWarning(warning.ToString());
        }

        foreach (var row in _rows!.Take(outcome))
        {
            WriteObject(row);
        }

        foreach (var failure in outcome.Failures)
        {
            WriteError(ErrorRecords.Create(failure, target));
        }
    }
}
