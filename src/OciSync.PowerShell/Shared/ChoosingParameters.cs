using System.Management.Automation;
using OciSync.Core.Tags;
using OciSync.Core.Versions;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared;

/// <summary>The parameters that choose tags, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class ChoosingParameters
{
    // A number, not the enum: see the module's rules for exported types.
    private int _per = (int)TagLine.Repository;

    /// <summary>Only tags that match one of these wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [NoBareNumber]
    public string[] Include { get; set; } = [];

    /// <summary>No tag that matches one of these wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [NoBareNumber]
    public string[] Exclude { get; set; } = [];

    /// <summary>Only tags in which one of these regular expressions matches.</summary>
    [Parameter]
    [NoBareNumber]
    public string[] IncludeRegex { get; set; } = [];

    /// <summary>No tag in which one of these regular expressions matches.</summary>
    [Parameter]
    [NoBareNumber]
    public string[] ExcludeRegex { get; set; } = [];

    /// <summary>No tag that has one of these texts in its lower-cased name.</summary>
    [Parameter]
    [NoBareNumber]
    public string[] ExcludeKeyword { get; set; } = [];

    /// <summary>Only versions in this range, written as for npm: '>=1.20 <1.25', '^3.1 || ~2.8.1', '1.x'.</summary>
    [Parameter]
    [NoBareNumber]
    public string? VersionRange { get; set; }

    /// <summary>That many of the newest full versions: of the main family, or of each that -Family names.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Latest { get; set; }

    /// <summary>What -Latest counts in: the repository, each major or each minor version.</summary>
    [Parameter]
    public TagLine Per
    {
        get => (TagLine)_per;
        set => _per = (int)value;
    }

    /// <summary>Wildcards for families of versions, such as '-alpine', '*'; an empty text is the plain one.</summary>
    [Parameter]
    [SupportsWildcards]
    [NoBareNumber]
    [AllowEmptyString]
    public string[] Family { get; set; } = [];

    /// <summary>That many of the newest versions are passed over.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLatest { get; set; }

    /// <summary>Short versions that move, such as 3 and 3.22, are versions like others.</summary>
    [Parameter]
    public SwitchParameter IncludeRolling { get; set; }

    /// <summary>Pre-releases are versions like others.</summary>
    [Parameter]
    public SwitchParameter IncludePrerelease { get; set; }

    /// <summary>Only images made at this time or later, as their config says.</summary>
    [Parameter]
    public DateTime Since { get; set; }

    /// <summary>Only images made before this time.</summary>
    [Parameter]
    public DateTime Before { get; set; }

    /// <summary>Every tag of a repository: the same as no condition, said aloud.</summary>
    [Parameter]
    public SwitchParameter AllTags { get; set; }

    private TagChoice Choice => new()
    {
        Include = Lists.Given(Include),
        Exclude = Lists.Given(Exclude),
        IncludeRegex = Lists.Given(IncludeRegex),
        ExcludeRegex = Lists.Given(ExcludeRegex),
        ExcludeKeyword = Lists.Given(ExcludeKeyword),
        VersionRange = VersionRange,
        Latest = Choices.Number(Latest),
        Per = Per,
        Family = Lists.Given(Family),
        SkipLatest = SkipLatest,
        IncludeRolling = IncludeRolling,
        IncludePrerelease = IncludePrerelease,
        Since = Choices.Time(Since),
        Before = Choices.Time(Before),
    };
}
