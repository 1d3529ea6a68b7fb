namespace OciSync.Testing.Images;

/// <summary>Pushes images to any registry by plain HTTP.</summary>
public static class Seeder
{
    /// <summary>Pushes an image and sets the tags.</summary>
    public static async Task PushAsync(
        TestImage image,
        Uri registry,
        string repository,
        IReadOnlyList<string> tags,
        TestCredentials? credentials = null,
        CancellationToken cancellationToken = default)
    {
        using var session = new SeedSession(registry, credentials);
        await session.PushAsync(image, repository, tags, cancellationToken);
    }
}
