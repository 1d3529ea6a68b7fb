using OciSync.Core.Errors;
using OciSync.Core.Machine;
using OciSync.Core.Places;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Machine;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("NUL", "NUL")]
    [InlineData(@"C:\w\nul.tar", "nul.tar")]
    [InlineData(@"C:\con\x", "con")]
    [InlineData("C:/w/Aux", "Aux")]
    [InlineData(@"C:\w\com1.a.b", "com1.a.b")]
    [InlineData("C:\\w\\LPT\u00B9", "LPT\u00B9")]
    [InlineData(@"\\.\NUL", "NUL")]
    [InlineData(@"C:\w\prn .x", "prn .x")]
    public void A_part_that_is_a_device_is_found(string path, string device) => Assert.Equal(device, DeviceName.Find(path));

    [Theory]
    [InlineData(@"C:\w\nullable")]
    [InlineData(@"C:\w\com10")]
    [InlineData(@"C:\w\con=1")]
    [InlineData(@"C:\w\x.nul")]
    [InlineData(@"\\?\C:\w\nul")]
    public void Other_names_are_none(string path) => Assert.Null(DeviceName.Find(path));

    [Theory]
    [InlineData("docker-archive:NUL")]
    [InlineData("oci-archive:x/nul.tar")]
    [InlineData("oci:con:a:1")]
    [InlineData("dir:x/aux")]
    public void A_place_that_is_a_device_is_refused_on_Windows_alone(string text)
    {
        var location = ImageLocation.Parse(text);

        var failure = Assert.Throws<OciException>(() => FolderStores.CheckDevice(location, isWindows: true));
        Assert.Equal(OciErrorKind.StorageFailed, failure.Kind);
        Assert.Contains("the name of a device", failure.Message);
        FolderStores.CheckDevice(location, isWindows: false);
    }
}
