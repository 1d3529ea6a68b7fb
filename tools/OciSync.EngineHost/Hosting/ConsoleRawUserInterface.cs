using System.Management.Automation.Host;

namespace OciSync.EngineHost.Hosting;

/// <summary>Sizes are real; cursor, buffer and keyboard access are refused because a build has no use for them.</summary>
internal sealed class ConsoleRawUserInterface : PSHostRawUserInterface
{
    private const ConsoleColor Unset = (ConsoleColor)(-1);
    private const int Height = 50;

    public override ConsoleColor ForegroundColor { get; set; } = Unset;

    public override ConsoleColor BackgroundColor { get; set; } = Unset;

    public override Size BufferSize { get => Size; set => throw NotSupported(); }

    public override Size WindowSize { get => Size; set => throw NotSupported(); }

    public override Size MaxWindowSize => Size;

    public override Size MaxPhysicalWindowSize => Size;

    public override Coordinates CursorPosition { get => throw NotSupported(); set => throw NotSupported(); }

    public override Coordinates WindowPosition { get => default; set => throw NotSupported(); }

    public override int CursorSize { get => throw NotSupported(); set => throw NotSupported(); }

    public override string WindowTitle { get => string.Empty; set => throw NotSupported(); }

    public override bool KeyAvailable => false;

    private static Size Size => new(ConsoleScreen.Width, Height);

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw NonInteractive.Refusal();

    public override void FlushInputBuffer() => throw NotSupported();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotSupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotSupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotSupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw NotSupported();

    private static NotSupportedException NotSupported() => new("The engine host has no access to the screen buffer.");
}
