using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>Note properties only; other kinds of members are not offered.</summary>
[Cmdlet(VerbsCommon.Add, "Member")]
public sealed class AddMemberCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string NotePropertyName { get; set; } = string.Empty;

    [Parameter(Position = 1, Mandatory = true)]
    [AllowNull]
    public object? NotePropertyValue { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (Force)
        {
            InputObject.Properties.Remove(NotePropertyName);
        }

        if (InputObject.Properties[NotePropertyName] is not null)
        {
            var exception = new InvalidOperationException(
                $"Cannot add a member with the name \"{NotePropertyName}\" because a member with that name already exists.");
            WriteError(new ErrorRecord(exception, "MemberAlreadyExists", ErrorCategory.InvalidOperation, InputObject));
            return;
        }

        InputObject.Properties.Add(new PSNoteProperty(NotePropertyName, NotePropertyValue));
        if (PassThru)
        {
            WriteObject(InputObject);
        }
    }
}
