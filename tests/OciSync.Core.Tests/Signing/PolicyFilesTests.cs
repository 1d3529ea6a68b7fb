using OciSync.Core.Errors;
using OciSync.Core.Machine;
using OciSync.Core.Signing;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing;

/// <summary>Where the policy is looked for, and what is told of the file as a whole.</summary>
public sealed class PolicyFilesTests
{
    [Fact]
    public void The_users_policy_stands_in_place_of_the_machines()
    {
        using var home = new TempFolder();
        var environment = new UserEnvironment(static _ => "/elsewhere", home.Path, IsWindows: false, IsLinux: true);
        Assert.Equal([home[".config/containers/policy.json"], "/etc/containers/policy.json"], PolicyFiles.Places(environment));
        Assert.NotEqual(home[".config/containers/policy.json"], PolicyFiles.Find(environment));
        Directory.CreateDirectory(home[".config/containers"]);
        File.WriteAllText(home[".config/containers/policy.json"], "{");
        Assert.Equal(home[".config/containers/policy.json"], PolicyFiles.Find(environment));
    }

    [Fact]
    public void On_Windows_there_is_only_the_users()
    {
        using var home = new TempFolder();
        var environment = new UserEnvironment(static _ => null, home.Path, IsWindows: true, IsLinux: false);
        Assert.Equal([home[Path.Combine(".config", "containers", "policy.json")]], PolicyFiles.Places(environment));
        Assert.Null(PolicyFiles.Find(environment));
    }

    [Fact]
    public void A_valid_file_is_described()
    {
        using var cases = new PolicyCases();
        var file = cases.Open("""
            {"default": [{"type": "reject"}], "transports": {
              "docker": {"": [{"type": "insecureAcceptAnything"}], "quay.io": [{"type": "reject"}]},
              "dir": {"": [{"type": "reject"}]}, "oci": {}}}
            """).Describe();
        Assert.Equal(
            (true, "reject", "docker, dir, oci", 3, null, 0),
            (file.IsValid, file.Default.ToString(), file.Transports.ToString(), file.ScopeCount, file.Fault, file.Line));
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_taken_for_an_invalid_one()
    {
        using var folder = new TempFolder();
        Assert.Throws<FileNotFoundException>(() => OciPolicy.Open(folder["none.json"]));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_no_policy()
    {
        using var folder = new TempFolder();
        using var locked = new FileStream(folder["policy.json"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var opened = OciPolicy.Open(folder["policy.json"]);
        Assert.Equal((OciErrorKind.PolicyInvalid, false), (opened.Failure!.Kind, opened.Describe().IsValid));
        Assert.Contains("can't be read", opened.Describe().Fault, StringComparison.Ordinal);
    }
}
