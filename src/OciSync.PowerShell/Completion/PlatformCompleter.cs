namespace OciSync.PowerShell.Completion;

/// <summary>Platforms images are made for.</summary>
public sealed class PlatformCompleter : NameCompleter
{
    private protected override IEnumerable<string> FindNames() =>
        ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/386", "linux/ppc64le", "linux/riscv64", "linux/s390x", "windows/amd64"];
}
