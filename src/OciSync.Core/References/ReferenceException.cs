namespace OciSync.Core.References;

/// <summary>A text that should be an image reference and isn't.</summary>
public sealed class ReferenceException : FormatException
{
    internal ReferenceException(string? text, string fault)
        : base(Printable.Line($"'{Printable.Text(text)}' is not an image reference: {fault}."))
    {
        Text = text;
    }

    /// <summary>The text as it was given.</summary>
    public string? Text { get; }
}
