namespace OciSync.EngineHost.Hosting;

/// <summary>The sixteen console colours as terminal sequences.</summary>
internal static class Colours
{
    // Index is the ConsoleColor without its bright bit (8); value is the ANSI colour number.
    private static readonly int[] s_ansi = [0, 4, 2, 6, 1, 5, 3, 7];

    public static string Paint(ConsoleColor foreground, ConsoleColor background, string text)
    {
        var codes = string.Join(';', Codes(foreground, 30).Concat(Codes(background, 40)));
        return codes.Length == 0 ? text : $"\u001b[{codes}m{text}\u001b[0m";
    }

    // A colour outside the sixteen means "leave it as it is".
    private static IEnumerable<int> Codes(ConsoleColor colour, int start)
    {
        if (colour is >= ConsoleColor.Black and <= ConsoleColor.White)
        {
            var bright = (int)colour >= 8;
            yield return start + s_ansi[(int)colour % 8] + (bright ? 60 : 0);
        }
    }
}
