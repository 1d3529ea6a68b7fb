namespace OciSync.Core.Distribution;

/// <summary>A path of a registry, read: <c>[/prefix]/v2/[name/action/reference]</c>.</summary>
/// <param name="Action">What is asked for.</param>
/// <param name="Prefix">What stands before <c>/v2/</c>, without slashes around it; often empty.</param>
/// <param name="Name">The repository; empty where the action has none.</param>
/// <param name="Reference">The tag or digest; empty where the action has none.</param>
internal sealed record RegistryRoute(RegistryAction Action, string Prefix = "", string Name = "", string Reference = "");
