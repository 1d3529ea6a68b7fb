using System.Management.Automation;
using System.Security;
using OciSync.Core.Engine;
using OciSync.Core.Inspection;
using OciSync.Core.References;
using OciSync.PowerShell.Completion;

namespace OciSync.PowerShell.Commands;

/// <summary>What images are, without pulling them.</summary>
[Cmdlet(VerbsCommon.Get, "OciImageInfo", HelpUri = HelpPages.Folder + "Get-OciImageInfo.md", DefaultParameterSetName = InfoSet)]
[OutputType(typeof(OciImageInfo), ParameterSetName = [InfoSet])]
[OutputType(typeof(string), ParameterSetName = [RawSet, ConfigSet])]
public sealed class GetOciImageInfoCommand : ImageCmdlet
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

    /// <summary>The login for the images' registry.</summary>
    [Parameter]
    [Login]
    public PSCredential? Credential { get; set; }

    /// <summary>A bearer token that the registry itself takes.</summary>
    [Parameter]
    [Alias("RegistryToken")]
    public SecureString? Token { get; set; }

    /// <summary>No login, wherever there may be one.</summary>
    [Parameter]
    [Alias("NoCreds")]
    public SwitchParameter Anonymous { get; set; }

    private protected override bool IsAnonymous => Anonymous;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var platform = Platforms.Read(Platform, this);
        foreach (var (reference, input) in ReadLocations(Reference))
        {
            Ask(reference, input, Credentials.Choose(this, Credential, Token, Anonymous), async (engine, writer, token) =>
                await writer.WriteObjectAsync(await ReadAsync(engine, reference.WithDefaultTag(), platform, token).ConfigureAwait(false))
                    .ConfigureAwait(false));
        }
    }

    private async Task<object> ReadAsync(OciEngine engine, ImageLocation reference, Platform? platform, CancellationToken cancellationToken) =>
        Raw ? await engine.ReadManifestAsync(reference, platform, cancellationToken).ConfigureAwait(false)
        : Config ? await engine.ReadConfigAsync(reference, platform, cancellationToken).ConfigureAwait(false)
        : await engine.InspectAsync(reference, new InspectOptions { Platform = platform, IncludeTags = IncludeTag }, cancellationToken).ConfigureAwait(false);
}
