using System.Globalization;
using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Sights;

/// <summary>
/// The text of a <see cref="SightBook"/>: a head with the repository and the latest time, then a line for each tag and digest, fields between
/// tabs. A file of which a part is missing or wrong is refused, as what it forgot would be young again, or old.
/// </summary>
internal static class SightFile
{
    private const string Head = "OciSync first sights 1";
    private const string End = "end";
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    internal static string Write(string repository, SightBook book)
    {
        var text = new StringBuilder();
        Line(Head, repository, Text(book.Latest));
        foreach (var tag in book.Tags.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            Line("tag", tag.Key, Text(tag.Value));
        }

        foreach (var digest in book.Digests.OrderBy(d => d.Key.ToString(), StringComparer.Ordinal))
        {
            Line("digest", digest.Key.ToString(), Text(digest.Value));
        }

        Line(End, (book.Tags.Count + book.Digests.Count).ToString(CultureInfo.InvariantCulture));
        return text.ToString();

        void Line(params string[] fields) => text.Append(string.Join("\t", fields)).Append('\n');
    }

    /// <exception cref="OciException">It is no such text (<see cref="OciErrorKind.ConfigurationInvalid"/>).</exception>
    internal static SightBook Read(string text, string repository, string path)
    {
        var book = new SightBook();
        var lines = text.Split('\n');
        var count = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var fields = lines[i].TrimEnd('\r').Split('\t');
            if (i == 0)
            {
                book.Reach(fields.Length == 3 && fields[0] == Head && fields[1] == repository && Time(fields[2]) is { } latest ? latest : throw Fault(i));
            }
            else if (fields[0] == End)
            {
                return fields.Length == 2 && fields[1] == count.ToString(CultureInfo.InvariantCulture) ? book : throw Fault(i);
            }
            else
            {
                count += fields.Length == 3 && Time(fields[2]) is { } time && Add(book, fields, time) ? 1 : throw Fault(i);
            }
        }

        throw Fault(lines.Length - 1);

        OciException Fault(int line) => new(
            OciErrorKind.ConfigurationInvalid,
            $"'{path}', line {line + 1}: this is not what -MinimumAge has written of '{repository}', or not all of it. Put it back from a backup; without the "
                + "file every tag of the repository is young again.");
    }

    private static bool Add(SightBook book, string[] fields, DateTimeOffset time) => fields[0] switch
    {
        "tag" => ReferenceParser.FindTagFault(fields[1], fields[1]) is null && book.See(fields[1], time),
        "digest" => Digest.TryParse(fields[1], out var digest, out _) && book.See(digest!, time),
        _ => false,
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string text) => DateTimeOffset.TryParseExact(
        text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
