using System.Management.Automation;
using OciSync.Core.References;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Shared;

/// <content>Lines of a list that come through the pipeline, as Get-Content gives them: blank ones and comments are no names.</content>
public abstract partial class OciCmdlet
{
    private bool _hasNames;
    private Action? _onlyBlank;

    /// <summary>
    /// Whether an input is passed over. A blank text that was given to the parameter itself is not; nor is one that is all there is in the
    /// pipeline, most likely a variable that is misspelt: then, at the end, what would have been done with it is.
    /// </summary>
    private protected bool IsNoName(string? input, Action otherwise)
    {
        var line = (input ?? string.Empty).Trim();
        if (!MyInvocation.ExpectingInput || !IsLineWithoutName(line))
        {
            _hasNames = true;
            return false;
        }

        if (line.Length == 0)
        {
            _onlyBlank ??= otherwise;
        }
        else
        {
            // A list that was commented out is empty on purpose.
            _hasNames = true;
            WriteVerbose("A comment in the list is passed over: " + LoginText.Hide(line));
        }

        return true;
    }

    private protected static bool IsLineWithoutName(string? input) => input?.Trim() is not { Length: > 0 } line || line[0] == '#';

    /// <summary>To be called when all input has come.</summary>
    private protected void EndList()
    {
        if (!_hasNames)
        {
            _onlyBlank?.Invoke();
        }

        _onlyBlank = null;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        EndList();
    }

    /// <summary>The error of an input that is no name, as it is empty.</summary>
    private protected virtual void RefuseEmpty(string input)
    {
        try
        {
            _ = ImageLocation.Parse(input);
        }
        catch (ReferenceException e)
        {
            WriteError(ErrorRecords.Create(e, input));
        }
    }
}
