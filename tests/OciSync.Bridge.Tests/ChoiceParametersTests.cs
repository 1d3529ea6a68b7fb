using System.Reflection;
using OciSync.PowerShell.Commands;

namespace OciSync.Bridge.Tests;

public sealed class ChoiceParametersTests
{
    // Two cmdlets with different bases declare them; they must not drift apart.
    [Fact]
    public void Get_OciTag_and_Sync_OciImage_choose_by_the_same_parameters()
    {
        var list = Parameters(typeof(GetOciTagCommand));
        var sync = Parameters(typeof(SyncOciImageCommand));

        Assert.Equal(15, list.Intersect(sync).Count(p => !p.StartsWith("Credential", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Parameters(Type command) => command.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(p => $"{p.Name} {p.PropertyType} {string.Join(",", p.GetCustomAttributes().Select(a => a.GetType().Name).Order(StringComparer.Ordinal))}");
}
