using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Machine;
using OciSync.Testing;

namespace OciSync.Core.Tests.Connections;

/// <summary>Which files apply, in folders of the test's own.</summary>
public sealed class RegistriesConfigFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_no_setting() => Assert.Equal("a.test", Where());

    [Fact]
    public void The_machine_s_file_is_overridden_by_its_drop_ins_and_these_by_the_user_s()
    {
        Write("usr/registries.conf", "usr.test");
        Assert.Equal("usr.test", Where());
        Write("etc/registries.conf", "etc.test");
        Assert.Equal("etc.test", Where());
        Write("etc/registries.conf.d/20.conf", "etc20.test");
        Write("etc/registries.conf.d/10.conf", "etc10.test");
        Write("etc/registries.conf.d/99.txt", "not.test");
        Assert.Equal("etc20.test", Where());
        Write("user/registries.conf.d/10.conf", "user10.test");
        Assert.Equal("user10.test", Where());
    }

    [Fact]
    public void The_user_s_file_stands_in_place_of_the_machine_s()
    {
        Write("etc/registries.conf.d/20.conf", "etc20.test");
        Write("user/registries.conf", "user.test");
        Assert.Equal("user.test", Where());
        Write("user/registries.conf.d/10.conf", "user10.test");
        Assert.Equal("user10.test", Where());
    }

    [Fact]
    public void A_named_file_stands_alone()
    {
        Write("user/registries.conf.d/10.conf", "user10.test");
        _variables["CONTAINERS_REGISTRIES_CONF"] = Write("named", "named.test");
        Assert.Equal("named.test", Where());
        Assert.Equal("parameter.test", Where(Write("parameter", "parameter.test")));
        _variables["CONTAINERS_REGISTRIES_CONF_OVERRIDE"] = Write("last", "last.test");
        Assert.Equal("last.test", Where());
        Assert.Equal("parameter.test", Where(Write("parameter", "parameter.test")));
    }

    [Fact]
    public void A_later_entry_of_the_same_prefix_takes_the_whole_place()
    {
        Write("etc/registries.conf", "etc.test", "insecure = true\nblocked = true");
        Write("etc/registries.conf.d/1.conf", "drop.test");
        Assert.Equal(new RegistryAddress("drop.test", "x", false), RegistriesConfig.Load(Places, null).Resolve("a.test", "x"));
    }

    [Fact]
    public void A_named_file_that_is_missing_says_who_named_it()
    {
        _variables["CONTAINERS_REGISTRIES_CONF"] = _folder["none"];
        var failure = Assert.Throws<OciException>(() => Where());
        Assert.Contains("that CONTAINERS_REGISTRIES_CONF names", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_everybody_may_write_is_warned_of()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal),
            "This build does not see the rights of files.");
        var path = Write("user/registries.conf", "b.test");
        Auth.AuthHome.SetMode(path, (UnixFileMode)0b110_110_100);
        Assert.Empty(RegistriesConfig.Load(Places, null).Notes);
        Auth.AuthHome.SetMode(path, (UnixFileMode)0b110_110_110);
        Assert.Contains($"chmod o-w '{path}'", Assert.Single(RegistriesConfig.Load(Places, null).Notes), StringComparison.Ordinal);
        Assert.Equal("b.test", Where());
    }

    private MachinePlaces Places => new()
    {
        Variable = name => _variables.GetValueOrDefault(name),
        UserFolder = _folder["user"],
        SystemFolders = [_folder["etc"], _folder["usr"]],
    };

    private string Where(string? path = null) => RegistriesConfig.Load(Places, path).Resolve("a.test", "x").Host;

    private string Write(string name, string location, string more = "")
    {
        var path = _folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"[[registry]]\nprefix = 'a.test'\nlocation = '{location}'\n{more}\n");
        return path;
    }
}
