using OciSync.Core.Folders;
using OciSync.Testing;

namespace OciSync.Core.Tests.Folders;

public sealed class FolderSpellingTests
{
    [Theory]
    [InlineData("tags=v1", "tags=V1", "tags=V1")]
    [InlineData("tags:v1", "tags:V1", "tags:V1")]
    [InlineData("a=1.0-RC", "a=1.0-rc", "a=1.0-rc")]
    public void A_tag_in_other_letters_is_another(string name, string there, string other) =>
        Assert.Equal(other, FolderSpelling.FindOther(name, ["x", there]));

    [Theory]
    [InlineData("tags=v1", "tags=v1")]
    [InlineData("TAGS=v1", "tags=v1")]
    [InlineData("tags=v1", "tags=v2")]
    [InlineData("Mirror", "mirror")]
    public void The_same_tag_is_none_however_the_folder_is_spelled(string name, string there) =>
        Assert.Null(FolderSpelling.FindOther(name, [there]));

    [Fact]
    public void Both_may_be_there_where_the_file_system_tells_them_apart()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["tags=V1"]);
        Directory.CreateDirectory(folder["tags=v1"]);

        Assert.Null(FolderSpelling.FindOther("tags=v1", ["tags=V1", "tags=v1"]));
        Assert.Null(FolderSpelling.FindOther(folder["tags=v1"]));
        Assert.Null(FolderSpelling.FindOther(folder["tags=v2"]));
    }
}
