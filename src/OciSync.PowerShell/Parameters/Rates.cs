using System.Management.Automation;
using OciSync.Core.Flow;

namespace OciSync.PowerShell.Parameters;

/// <summary>Rates of requests, as <c>-MaximumRequestRate</c> has them.</summary>
internal sealed class Rates
{
    private readonly Dictionary<string, RequestRate> _byRegistry = new(StringComparer.Ordinal);
    private RequestRate? _all;

    /// <summary>Reads them; what is none ends the command.</summary>
    internal static Rates Read(PSCmdlet cmdlet, string[] texts)
    {
        var rates = new Rates();
        foreach (var text in Lists.Split(texts))
        {
            if (!RequestRate.TryParse(text, out var registry, out var rate))
            {
                var failure = new PSArgumentException(
                    $"-MaximumRequestRate '{text}' is no rate: write 10/s, 600/m or 5000/h, or docker.io=600/m for one registry.");
                cmdlet.ThrowTerminatingError(new ErrorRecord(failure, "OciChoiceInvalid", ErrorCategory.InvalidArgument, text));
            }

            if (registry is null)
            {
                rates._all = rate;
            }
            else
            {
                rates._byRegistry[registry] = rate!;
            }
        }

        return rates;
    }

    internal EngineOptions Apply(EngineOptions options) => options with { RequestRate = _all, RequestRates = _byRegistry };
}
