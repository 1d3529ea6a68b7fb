using System.Management.Automation;
using System.Reflection;
using OciSync.PowerShell.Commands;
using OciSync.PowerShell.Commands.Registries;
using OciSync.PowerShell.Parameters;

namespace OciSync.Bridge.Tests;

public sealed class ChoiceParametersTests
{
    // They stand once, and are written into both.
    [Fact]
    public void Get_OciTag_and_Sync_OciImage_choose_by_the_same_parameters()
    {
        var list = Parameters(typeof(GetOciTagCommand));
        var sync = Parameters(typeof(SyncOciImageCommand));

        Assert.Equal(15, list.Intersect(sync).Count(p => !p.StartsWith("Credential", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(typeof(GetOciTagCommand))]
    [InlineData(typeof(GetOciImageInfoCommand))]
    [InlineData(typeof(GetOciDigestCommand))]
    [InlineData(typeof(GetOciRepositoryCommand))]
    [InlineData(typeof(TestOciImageCommand))]
    [InlineData(typeof(TestOciRegistryCommand))]
    [InlineData(typeof(RemoveOciImageCommand))]
    public void A_login_is_given_in_the_same_way_to_each_cmdlet_that_takes_one(Type command)
    {
        var login = command.GetProperties().Where(p => p.Name is "Credential" or "Token" or "Anonymous").ToDictionary(
            p => p.Name, p => string.Join(" ", p.GetCustomAttributes().Select(Describe).OfType<string>().Order(StringComparer.Ordinal)));

        Assert.Equal("[Login] [Parameter]", login["Credential"]);
        Assert.Equal("[Alias RegistryToken] [Parameter]", login["Token"]);
        Assert.Equal("[Alias NoCreds] [Parameter]", login["Anonymous"]);
    }

    [Fact]
    public void A_cmdlet_with_parameter_sets_says_itself_to_which_a_shared_parameter_belongs()
    {
        var sets = typeof(GetOciDigestCommand).GetProperty("Credential")!.GetCustomAttributes<ParameterAttribute>().Select(p => p.ParameterSetName);

        Assert.Equal(["Reference"], sets);
    }

    private static string? Describe(Attribute attribute) => attribute switch
    {
        AliasAttribute alias => $"[Alias {string.Join(",", alias.AliasNames)}]",
        ParameterAttribute => "[Parameter]",
        LoginAttribute => "[Login]",
        _ => null,
    };

    private static IEnumerable<string> Parameters(Type command) => command.GetProperties(
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(p => $"{p.Name} {p.PropertyType} {string.Join(",", p.GetCustomAttributes().Select(a => a.GetType().Name).Order(StringComparer.Ordinal))}");
}
