namespace OciSync.Testing.Images;

/// <summary>What the files of a layer hold.</summary>
public enum LayerContent
{
    /// <summary>Noise, which does not compress.</summary>
    Random,

    /// <summary>Text, which does.</summary>
    Text,
}
