using System.Globalization;
using System.Text.RegularExpressions;

namespace OciSync.Core.Tests.Engine;

/// <summary>HTTP statuses in what is told: a number of its own, as the port of an address (127.0.0.1:40143) may have the same digits.</summary>
internal static class StatusText
{
    internal static bool NamesStatus(this string text, int status) =>
        Regex.IsMatch(text, $@"(?<![\d:]){status.ToString(CultureInfo.InvariantCulture)}(?!\d)", RegexOptions.CultureInvariant);
}
