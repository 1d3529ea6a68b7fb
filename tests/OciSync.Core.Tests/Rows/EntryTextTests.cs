using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;
using OciSync.Core.Tags;
using OciSync.Core.Versions;

namespace OciSync.Core.Tests.Rows;

public sealed class EntryTextTests
{
    public static TheoryData<TagChoice> Choices => new(
        TagChoice.Everything,
        new TagChoice { IncludePrerelease = true },
        new TagChoice { Latest = 5, SkipLatest = 1, Per = TagLine.Minor, Family = ["", "-alpine*"] },
        new TagChoice
        {
            Include = ["1.*", "it's"],
            Exclude = ["#x"],
            IncludeRegex = ["^(a|b){2}, [c]: \\d$"],
            ExcludeRegex = ["${HOME}"],
            ExcludeKeyword = ["rc"]
        },
        new TagChoice { VersionRange = ">=1.2 <2 || ~3.1", IncludeRolling = true, IncludePrerelease = true },
        new TagChoice { Since = new DateTimeOffset(2024, 1, 31, 12, 30, 15, 123, TimeSpan.FromHours(2)), Before = DateTimeOffset.UnixEpoch });

    [Theory]
    [MemberData(nameof(Choices))]
    public void A_choice_survives_a_row(TagChoice choice)
    {
        var repository = new SyncRepository(ImageReference.Parse("r.test/a"), new TagSelector(choice), [], "a")
        {
            Selection = new ImageSelection { Platforms = [Platform.Parse("linux/arm/v7"), Platform.Parse("windows/amd64:10.0.*")], ExcludeAttestation = true },
            NewOnly = true,
        };

        var read = RowSelection.Parse(RepositoryText.Of(repository, new SyncRequest()));

        Assert.Equal(choice.ToString(), read.Tags!.Choice.ToString());
        Assert.True(read.NewOnly);
        Assert.True(read.Images!.ExcludeAttestation);
        Assert.Equal(["linux/arm/v7", "windows/amd64:10.0.*"], read.Images.Platforms.Select(p => p.ToString()));
    }

    [Fact]
    public void The_whole_image_needs_no_words() => Assert.Null(EntryText.Of(ImageSelection.All, false, ConversionOptions.None));

    [Fact]
    public void A_conversion_survives_a_row_and_the_repositorys_goes_before_the_commands()
    {
        var repository = new SyncRepository(ImageReference.Parse("r.test/a"), new TagSelector(TagChoice.Everything), [], "a")
        {
            Conversion = new ConversionOptions { Compression = LayerCompression.Zstd, CompressionLevel = 19 },
        };
        var command = new ConversionOptions { Format = ImageFormat.Oci, Compression = LayerCompression.Gzip, CompressionLevel = 9 };

        Assert.Equal(
            command with { Compression = LayerCompression.Zstd, CompressionLevel = 19 },
            RowSelection.Parse(RepositoryText.Of(repository, new SyncRequest { Conversion = command })).Conversion);
        Assert.Equal(
            new ConversionOptions { Format = ImageFormat.Docker },
            RowSelection.Parse(EntryText.Of(null, false, new ConversionOptions { Format = ImageFormat.Docker })!).Conversion);
        Assert.Null(RowSelection.Parse("{ referrers: true }").Conversion);
    }

    [Theory]
    [InlineData("{ latst: 5 }")]
    [InlineData("latest")]
    [InlineData("{ latest: [")]
    [InlineData("{ versionRange: '>=x.y.z.' }")]
    public void What_is_no_selection_is_a_failure_with_a_kind(string text) => Assert.Throws<OciSync.Core.Errors.OciException>(() => RowSelection.Parse(text));
}
