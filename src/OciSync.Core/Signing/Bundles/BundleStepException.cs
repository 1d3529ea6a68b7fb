namespace OciSync.Core.Signing.Bundles;

/// <summary>A bundle has a step that can't be checked here; the message names it, as a sentence without its end.</summary>
internal sealed class BundleStepException(string message) : Exception(message);
