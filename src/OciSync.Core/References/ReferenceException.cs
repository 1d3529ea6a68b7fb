using OciSync.Core.Text;

namespace OciSync.Core.References;

/// <summary>A text that should be an image reference and isn't.</summary>
public sealed class ReferenceException : FormatException
{
    internal ReferenceException(string? text, string fault)
        : base(Printable.Line($"'{Printable.Text(LoginText.Hide(text ?? string.Empty))}' is not an image reference: {fault}."))
    {
        Text = text is null ? null : LoginText.Hide(text);
    }

    /// <summary>The text as it was given, without a login that stood in it.</summary>
    public string? Text { get; }
}
