using System.Management.Automation;
using System.Security;
using OciSync.Core.Engine;
using OciSync.Core.Inspection;
using OciSync.Core.References;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>What images are, without pulling them.</summary>
[Cmdlet(VerbsCommon.Get, "OciImageInfo", HelpUri = HelpPages.Folder + "Get-OciImageInfo.md", DefaultParameterSetName = InfoSet)]
[OutputType(typeof(OciImageInfo), ParameterSetName = [InfoSet])]
[OutputType(typeof(string), ParameterSetName = [RawSet, ConfigSet])]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class GetOciImageInfoCommand : ImageCmdlet
{
    private const string InfoSet = "Info";
    private const string RawSet = "Raw";
    private const string ConfigSet = "Config";

    /// <summary>The image.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    /// <summary>The manifest or index as the registry has it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RawSet)]
    public SwitchParameter Raw { get; set; }

    /// <summary>The config as the registry has it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ConfigSet)]
    public SwitchParameter Config { get; set; }

    /// <summary>Whose manifest of an index, os/architecture[/variant].</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>The repository's tags as well.</summary>
    [Parameter(ParameterSetName = InfoSet)]
    public SwitchParameter IncludeTag { get; set; }

    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var platform = Platforms.Read(Platform, this);
        foreach (var (reference, input) in ReadLocations(Reference))
        {
            Ask(reference, input, GivenLogin, async (engine, writer, token) =>
                await writer.WriteObjectAsync(await ReadAsync(engine, reference.WithDefaultTag(), platform, token).ConfigureAwait(false))
                    .ConfigureAwait(false));
        }
    }

    private async Task<object> ReadAsync(OciEngine engine, ImageLocation reference, Platform? platform, CancellationToken cancellationToken) =>
        Raw ? await engine.ReadManifestAsync(reference, platform, cancellationToken).ConfigureAwait(false)
        : Config ? await engine.ReadConfigAsync(reference, platform, cancellationToken).ConfigureAwait(false)
        : await engine.InspectAsync(reference, new InspectOptions { Platform = platform, IncludeTags = IncludeTag }, cancellationToken).ConfigureAwait(false);
}
