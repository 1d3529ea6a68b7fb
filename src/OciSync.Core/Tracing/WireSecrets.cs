using System.Net.Http.Headers;
using System.Text;
using OciSync.Core.AuthFiles;

namespace OciSync.Core.Tracing;

/// <summary>What a request was authorized with, and for whom, to be taken out of what is told of it and its answer.</summary>
internal sealed class WireSecrets(AuthenticationHeaderValue? sent, RegistryCredential? login)
{
    internal string Hide(string text) => Secrets.Hide(text, sent, login ?? Read());

    // A server that repeats a login may have it in the clear.
    private RegistryCredential? Read()
    {
        if (sent is not { Scheme: "Basic", Parameter: { } parameter })
        {
            return null;
        }

        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(parameter));
            var colon = pair.IndexOf(':');
            return colon < 0 ? null : RegistryCredential.FromPassword(pair.Substring(0, colon), pair.Substring(colon + 1));
        }
        catch (FormatException)
        {
            // It isn't ours: then there is no login in it.
            return null;
        }
    }
}
