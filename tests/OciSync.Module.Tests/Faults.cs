namespace OciSync.Module.Tests;

/// <summary>Shows every fault, which Assert.Empty would cut short.</summary>
internal static class Faults
{
    internal static void None(IEnumerable<string> faults)
    {
        var lines = faults.Distinct().ToList();
        if (lines.Count > 0)
        {
            Assert.Fail(string.Join('\n', lines));
        }
    }
}
