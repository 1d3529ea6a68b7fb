using System.Runtime.InteropServices;
using CsCheck;
using OciSync.Core.References;

namespace OciSync.Core.Tests.References;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("Linux/x86_64", "linux/amd64")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/armhf", "linux/arm/v7")]
    [InlineData("linux/arm/6", "linux/arm/v6")]
    [InlineData("linux/i386", "linux/386")]
    [InlineData("windows/amd64:10.0.20348.*", "windows/amd64:10.0.20348.*")]
    [InlineData("linux/X86-64/v1", "linux/amd64")]
    [InlineData("linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("linux/armel", "linux/arm/v6")]
    [InlineData("linux/arm/V7", "linux/arm/v7")]
    [InlineData("linux/loongarch64", "linux/loong64")]
    [InlineData("macOS/arm64", "darwin/arm64")]
    [InlineData("linux/ppc64le", "linux/ppc64le")]
    [InlineData(" unknown/unknown ", "unknown/unknown")]
    public void Names_are_normalized(string text, string expected) => Assert.Equal(expected, Platform.Parse(text).ToString());

    [Theory]
    [InlineData("linux")]
    [InlineData("linux/")]
    [InlineData("/amd64")]
    [InlineData("linux/amd64/v1/x")]
    [InlineData("linux/amd64:")]
    [InlineData("linux amd64")]
    [InlineData("")]
    [InlineData("*/amd64")]
    [InlineData("windows/amd64:10.[")]
    [InlineData("linux//v7")]
    [InlineData("linux/ämd64")]
    public void What_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => Platform.Parse(text));

    [Theory]
    [InlineData("linux/arm64", "linux/arm64/v8", true)]
    [InlineData("linux/arm/v7", "linux/arm/v6", false)]
    [InlineData("linux/arm", "linux/arm/v7", true)]
    [InlineData("linux/amd64", "linux/amd64/v1", true)]
    [InlineData("linux/amd64", "linux/amd64/v3", false)]
    [InlineData("linux/amd64/v3", "linux/amd64/v3", true)]
    [InlineData("linux/arm64", "linux/arm64/v9", false)]
    [InlineData("linux/arm/v7", "linux/arm", true)]
    [InlineData("windows/amd64:10.0.2034[78].*", "windows/amd64:10.0.20348.1", true)]
    [InlineData("linux/amd64/v3", "linux/amd64", false)]
    [InlineData("windows/amd64", "windows/amd64:10.0.20348.1", true)]
    [InlineData("windows/amd64:10.0.20348.*", "windows/amd64:10.0.20348.1", true)]
    [InlineData("windows/amd64:10.0.20348.*", "windows/amd64:10.0.17763.1", false)]
    [InlineData("windows/amd64:10.*", "windows/amd64", false)]
    [InlineData("linux/amd64", "windows/amd64", false)]
    public void An_image_is_for_the_platform_asked_for(string asked, string candidate, bool expected) =>
        Assert.Equal(expected, Platform.Parse(asked).Matches(Platform.Parse(candidate)));

    [Fact]
    public void The_default_is_linux_on_this_machine()
    {
        Assert.Equal("linux", Platform.Default.Os);
        var architecture = RuntimeInformation.OSArchitecture.ToString();
        Assert.Equal(Platform.Parse("linux/" + architecture), Platform.Default);
        Assert.DoesNotContain("x64", Platform.Default.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_platform_that_reads_back_or_is_refused() =>
        Gen.OneOf(Gen.String, Gen.Char["am64rv78/:.*[]-"].Array[0, 16].Select(c => new string(c))).Sample(text =>
        {
            try
            {
                var platform = Platform.Parse(text);
                Assert.Equal(platform, Platform.Parse(platform.ToString()));
            }
            catch (FormatException)
            {
            }
        });
}
