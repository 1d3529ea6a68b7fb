using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 1024;

    protected override void ProcessRecord() => _lines.Add(InputObject);

    protected override void EndProcessing()
    {
        // Several strings are one document, unless the first already is one by itself (JSON lines).
        if (_lines.Count > 1 && TryParse(_lines[0], out _, out _))
        {
            _lines.ForEach(Convert);
        }
        else if (_lines.Count > 0)
        {
            Convert(string.Join(Environment.NewLine, _lines));
        }
    }

    private void Convert(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        if (!TryParse(text, out var token, out var problem))
        {
            var exception = new ArgumentException($"Conversion from JSON failed with error: {problem}");
            ThrowTerminatingError(new ErrorRecord(exception, "System.ArgumentException", ErrorCategory.NotSpecified, null));
        }

        WriteObject(ToObject(token!), enumerateCollection: !NoEnumerate);
    }

    private bool TryParse(string text, out JToken? token, out string? problem)
    {
        try
        {
            token = JsonConvert.DeserializeObject<JToken>(text, new JsonSerializerSettings { MaxDepth = Depth });
            problem = null;
            return true;
        }
        catch (JsonException e)
        {
            token = null;
            problem = e.Message;
            return false;
        }
    }

    private object? ToObject(JToken? token) => token switch
    {
        null => null,
        JArray array => array.Select(ToObject).ToArray(),
        JObject table when AsHashtable => ToHashtable(table),
        JObject table => ToCustomObject(table),
        JValue value => value.Value,
        _ => token.ToString(),
    };

    private OrderedHashtable ToHashtable(JObject table)
    {
        var result = new OrderedHashtable();
        foreach (var property in table.Properties())
        {
            result[property.Name] = ToObject(property.Value);
        }

        return result;
    }

    private PSObject ToCustomObject(JObject table)
    {
        var result = new PSObject();
        foreach (var property in table.Properties())
        {
            result.Properties.Add(new PSNoteProperty(property.Name, ToObject(property.Value)));
        }

        return result;
    }
}
