using OciSync.Core.Flow;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>How often registries may be asked, and where something is noted from run to run.</content>
[SharedParameters(typeof(RunParameters))]
public abstract partial class CopyingCmdlet
{
    private Rates? _rates;

    public partial string[] MaximumRequestRate { get; set; }
    public partial string? StatePath { get; set; }

    private EngineOptions WithRates(EngineOptions options) => _rates?.Apply(options) ?? options;

    private void ReadRates() => _rates = Rates.Read(this, MaximumRequestRate);
}
