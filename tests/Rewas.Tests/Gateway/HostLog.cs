using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Rewas.Tests.Gateway;

/// <summary>Keeps a host's log, by category.</summary>
sealed class HostLog : ILoggerProvider
{
    readonly ConcurrentQueue<(string Category, string Text, IReadOnlyDictionary<string, object?> Fields)> lines = new();

    public IEnumerable<(string Text, IReadOnlyDictionary<string, object?> Fields)> Of(string category) =>
        lines.Where(line => line.Category == category).Select(line => (line.Text, line.Fields));

    public string All => string.Join('\n', lines.Select(line => line.Text));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    sealed class Logger(HostLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.lines.Enqueue((
                category,
                formatter(state, exception),
                (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(field => field.Key, field => field.Value)));
    }
}
