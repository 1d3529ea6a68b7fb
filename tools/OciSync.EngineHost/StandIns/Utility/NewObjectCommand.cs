using System.Collections;
using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObjectCommand : PSCmdlet
{
    private const string Script = """
        param($type, $arguments)
        if ($arguments) { , $type::new.Invoke($arguments) } else { , $type::new() }
        """;

    [Parameter(Position = 0, Mandatory = true)]
    public string TypeName { get; set; } = string.Empty;

    [Parameter(Position = 1)]
    [Alias("Args")]
    public object[]? ArgumentList { get; set; }

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void BeginProcessing()
    {
        var created = Create();
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            Set(created, entry.Key.ToString()!, entry.Value);
        }

        WriteObject(created);
    }

    private PSObject Create()
    {
        // These two are names of the language, not of types that can be constructed by themselves.
        if (TypeName.Equals("PSObject", StringComparison.OrdinalIgnoreCase) || TypeName.Equals("PSCustomObject", StringComparison.OrdinalIgnoreCase))
        {
            return new PSObject();
        }

        if (!LanguagePrimitives.TryConvertTo<Type>(TypeName, out var type))
        {
            var exception = new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded.");
            ThrowTerminatingError(new ErrorRecord(exception, "TypeNotFound", ErrorCategory.InvalidType, TypeName));
        }

        var created = InvokeCommand.NewScriptBlock(Script).InvokeReturnAsIs(type, ArgumentList);
        return PSObject.AsPSObject(created);
    }

    private static void Set(PSObject target, string name, object? value)
    {
        if (target.Properties[name] is { } property)
        {
            property.Value = value;
        }
        else
        {
            target.Properties.Add(new PSNoteProperty(name, value));
        }
    }
}
