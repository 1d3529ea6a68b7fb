using Microsoft.Extensions.Logging;

namespace OciSync.Core.Listening;

/// <summary>What Kestrel has to say: warnings and failures of its own. What single clients do wrong is not among them.</summary>
internal sealed class KestrelMessages(Action<string> onMessage) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            onMessage(formatter(state, exception) + (exception is null ? string.Empty : " " + exception.Message));
        }
    }

    public void Dispose()
    {
    }
}
