namespace OciSync.Testing.Servers;

/// <summary>Finds programs on the path.</summary>
public static class Executable
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".exe") })
            .FirstOrDefault(File.Exists);

    public static string? WhyMissing(string name) =>
        Find(name) is null ? $"server missing: {name} is not installed (Debian: apt-get install {name})." : null;
}
