using System.Runtime.InteropServices;
using OciSync.PowerShell.Loading;

namespace OciSync.Bridge.Tests.Loading;

public sealed class NativeFolderTests
{
    [Theory]
    [InlineData("8.0.20", "linux-x64", "net8.0-linux-x64")]
    [InlineData("10.0.12", "win-x64", "net10.0-win-x64")]
    [InlineData("10.1.0", "linux-musl-x64", "net10.1-linux-musl-x64")]
    public void Code_is_for_one_dotnet_and_one_system(string version, string runtime, string name) =>
        Assert.Equal(name, NativeFolder.Name(new Version(version), runtime));

    [Fact]
    public void Without_a_folder_for_this_process_there_is_none()
    {
        var folder = Directory.CreateTempSubdirectory("ocisync-native");
        try
        {
            folder.CreateSubdirectory("net3.1-linux-x64");
            Assert.Null(NativeFolder.Find(folder.FullName));
            var own = folder.CreateSubdirectory(NativeFolder.Name(Environment.Version, RuntimeInformation.RuntimeIdentifier));
            Assert.Equal(own.FullName, NativeFolder.Find(folder.FullName));
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
