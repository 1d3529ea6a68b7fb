using System.Net.Http;
using System.Net.Http.Headers;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>One server that keeps signatures. No registry's login goes there; one that stands in its own address stays on its scheme, host and port.</summary>
internal sealed class LookasideHost : IDisposable
{
    private readonly string _name;
    private readonly HttpTransport _transport;
    private readonly RetryPolicy _retry;
    private readonly Circuit _circuit;

    internal LookasideHost(string name, HttpTransport transport, RunContext run)
    {
        _name = name;
        _transport = transport;
        _circuit = new Circuit(name, run.Options.Time, run.Events.Tell);
        _retry = new RetryPolicy(run.Options, run.Events.Tell);
    }

    /// <summary>A file of the server; null where it says that there is none, which is 404 and nothing else.</summary>
    /// <exception cref="OciException">It says something else, or nothing.</exception>
    internal async Task<byte[]?> FindAsync(Uri uri, AuthenticationHeaderValue? login, WorkScope work)
    {
        _circuit.Check();
        try
        {
            var found = await _retry.RunAsync(token => TryAsync(uri, login, token), work).ConfigureAwait(false);
            _circuit.Close();
            return found;
        }
        catch (OciException e) when (e.NoAnswerFrom == _name)
        {
            _circuit.Open(e);
            throw;
        }
    }

    public void Dispose() => _transport.Dispose();

    private async Task<byte[]?> TryAsync(Uri uri, AuthenticationHeaderValue? login, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Authorization = login;
        using var answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var status = (int)answer.Status;
        return !AnswerRules.IsAnswer(Question.SignatureRead, status) ? throw Refused(uri, answer)
            : status == 200 ? await answer.ReadAllAsync(SignatureFile.MaxLength).ConfigureAwait(false)
            : null;
    }

    private OciException Refused(Uri uri, HttpAnswer answer)
    {
        var status = (int)answer.Status;
        var kind = status switch
        {
            401 => OciErrorKind.Unauthorized,
            403 => OciErrorKind.Forbidden,
            429 => OciErrorKind.RateLimited,
            >= 500 => OciErrorKind.ServerError,
            _ => OciErrorKind.ProtocolError,
        };
        return new OciException(
            kind,
            $"Whether there is a signature at '{RegistryUris.Redact(uri)}' is not known: '{_name}' answered {status}, and only 404 says that there is none.")
        {
            StatusCode = status,
            RetryAfter = RetryAfter.Read(answer),
            IsTransient = AnswerRules.Of(Question.SignatureRead, status) == AnswerMeaning.Repeated,
        };
    }
}
