using System.Reflection;
using System.Runtime.Versioning;
using OciSync.Core.Engine;

namespace OciSync.Core.Tests;

public sealed class BuildTests
{
    [Fact]
    public void These_tests_run_with_the_build_they_are_for() =>
        Assert.Equal(ThisBuild.Framework, typeof(OciEngine).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName);
}
