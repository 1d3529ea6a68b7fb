using System.Management.Automation;
using OciSync.Core.Flow;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared;

/// <content>How often registries may be asked.</content>
public abstract partial class CopyingCmdlet
{
    private readonly Dictionary<string, RequestRate> _rates = new(StringComparer.Ordinal);
    private RequestRate? _rate;

    /// <summary>How many requests a registry may get: 10/s, 600/m, 5000/h for each, or docker.io=600/m for one.</summary>
    [Parameter]
    public string[] MaximumRequestRate { get; set; } = [];

    private EngineOptions WithRates(EngineOptions options) => options with { RequestRate = _rate, RequestRates = _rates };

    private void ReadRates()
    {
        foreach (var text in Lists.Split(MaximumRequestRate))
        {
            if (!RequestRate.TryParse(text, out var registry, out var rate))
            {
                var failure = new PSArgumentException(
                    $"-MaximumRequestRate '{text}' is no rate: write 10/s, 600/m or 5000/h, or docker.io=600/m for one registry.");
                ThrowTerminatingError(new ErrorRecord(failure, "OciChoiceInvalid", ErrorCategory.InvalidArgument, text));
            }

            if (registry is null)
            {
                _rate = rate;
            }
            else
            {
                _rates[registry] = rate!;
            }
        }
    }
}
