using OciSync.Core.Connections;
using OciSync.Core.Machine;
using OciSync.Testing;
using OciSync.Testing.Pki;

namespace OciSync.Core.Tests.Connections;

/// <summary>The machine's settings for root alone, for all others, and for one of them (containers-config(5), containers-certs.d(5)).</summary>
public sealed class UserDropInTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "rootful.test")]
    [InlineData(1000, "uid.test")]
    [InlineData(1001, "rootless.test")]
    [InlineData(null, "all.test")]
    public void Drop_ins_are_read_by_those_they_are_for(int? user, string location)
    {
        Write("etc/registries.conf", "etc.test");
        Write("etc/registries.conf.d/90.conf", "all.test");
        Write("etc/registries.rootful.conf.d/10.conf", "rootful.test");
        Write("etc/registries.rootless.conf.d/10.conf", "rootless.test");
        Write("etc/registries.rootless.conf.d/1000/10.conf", "uid.test");
        Assert.Equal(location, Where(user));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void The_vendor_s_are_overridden_by_the_administrator_s_and_these_by_the_user_s(int user)
    {
        Write("usr/registries.rootful.conf.d/10.conf", "vendor.test");
        Write("usr/registries.rootless.conf.d/1000/10.conf", "vendor.test");
        Assert.Equal("vendor.test", Where(user));
        Write("etc/registries.conf.d/10.conf", "etc.test");
        Assert.Equal("etc.test", Where(user));
        Write("user/registries.conf.d/10.conf", "user.test");
        Assert.Equal("user.test", Where(user));
    }

    [Theory]
    [InlineData(0, "rootful")]
    [InlineData(1000, "rootless.d/1000")]
    [InlineData(7, "rootless")]
    public void So_are_folders_of_certificates(int user, string folder)
    {
        using var pki = TestPki.Create();
        foreach (var name in new[] { "rootful.d", "rootless.d", "rootless.d/1000" })
        {
            pki.Write(_folder["ca"]);
            Directory.CreateDirectory(_folder[$"etc/certs.{name}/r.test"]);
            File.Copy(_folder["ca/ca.crt"], _folder[$"etc/certs.{name}/r.test/{name.Replace('/', '-')}.crt"]);
        }

        var authority = Assert.Single(CertificateDirectory.Find("r.test", null, Places(user)).Authorities);
        Assert.Contains($"certs.{folder}", authority.Replace('\\', '/'), StringComparison.Ordinal);
    }

    [Fact]
    public void This_machine_s_user_has_a_number_where_the_system_says_it() =>
        Assert.Equal(OperatingSystem.IsLinux(), MachinePlaces.Current().UserId is >= 0);

    private MachinePlaces Places(int? user) => new() { UserFolder = _folder["user"], SystemFolders = [_folder["etc"], _folder["usr"]], UserId = user };

    private string Where(int? user) => RegistriesConfig.Load(Places(user), null).Resolve("a.test", "x").Host;

    private void Write(string name, string location)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], $"[[registry]]\nprefix = 'a.test'\nlocation = '{location}'\n");
    }
}
